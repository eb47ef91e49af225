import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';

/** The schema as clients see it. */
export async function introspect(url: string): Promise<IntrospectionQuery> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true }) }),
  });
  const { data } = (await response.json()) as { data: IntrospectionQuery };
  return data;
}

if (import.meta.main) {
  const schema = buildClientSchema(await introspect(process.argv[2] ?? 'http://127.0.0.1:4000/graphql'));
  console.log(printSchema(schema));
}
