const optional = ['query', 'variables', 'extensions', 'operationName'];
/** Parameters that are an object, or `null` in its place. */
const objects = ['variables', 'extensions'];

/**
 * The query part of a URL without parameters that say nothing: forms and many clients send `variables=` for no
 * variables, and `null` is the same as absent (GraphQL over HTTP, section 5.1).
 */
export function presentInSearch(search: string): string {
  if (!/=(&|$)|=null/.test(search)) return search;
  const all = [...new URLSearchParams(search)];
  const present = all.filter(
    ([name, value]) =>
      !optional.includes(name) || (value !== '' && !(objects.includes(name) && value === 'null')),
  );
  return present.length === all.length ? search : `?${new URLSearchParams(present)}`;
}

/** The same for a parsed body: no operation is called "", and none is asked for by an empty text. */
export function presentInBody(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const isEmpty = (name: string) => Reflect.get(body, name) === '';
  if (!isEmpty('query') && !isEmpty('operationName')) return body;
  const isAbsent = (name: string) => (name === 'query' || name === 'operationName') && isEmpty(name);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !isAbsent(name)));
}
