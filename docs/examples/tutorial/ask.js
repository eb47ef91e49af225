export const gateway = new URLSearchParams(location.search).get('gateway') ?? 'http://127.0.0.1:4000/graphql';

/** Queries the gateway. There may be both data and errors: show what could be read, and say what could not. */
export async function ask(query, variables = {}) {
  try {
    const response = await fetch(gateway, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data = null, errors = [] } = await response.json();
    return { data, errors };
  } catch (error) {
    return { data: null, errors: [{ message: `The gateway cannot be reached: ${error.message}` }] };
  }
}
