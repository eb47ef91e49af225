import { Environment, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';

export function createEnvironment(url: string): Environment {
  const network = Network.create(async ({ text: query, name: operationName }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, operationName, variables }),
    });
    return (await response.json()) as GraphQLResponse;
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}
