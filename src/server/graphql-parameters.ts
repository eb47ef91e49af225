const optional = ['query', 'variables', 'extensions', 'operationName'];
/** Parameters that hold an object or `null`. */
const objects = ['variables', 'extensions'];

/**
 * Removes empty parameters from a URL's query. Forms and many clients send `variables=` for no variables, and `null` is
 * the same as absent (GraphQL over HTTP, section 5.1).
 */
export function withoutEmptyInSearch(search: string): string {
  const all = [...new URLSearchParams(search)];
  const present = all.filter(
    ([name, value]) =>
      !optional.includes(name) || (value !== '' && !(objects.includes(name) && value === 'null')),
  );
  return present.length === all.length ? search : `?${new URLSearchParams(present)}`;
}

/** Does the same for a parsed body: no operation has the name "", and an empty text asks for none. */
export function withoutEmptyInBody(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const isEmpty = (name: string) => Reflect.get(body, name) === '';
  if (!isEmpty('query') && !isEmpty('operationName')) return body;
  const isAbsent = (name: string) => (name === 'query' || name === 'operationName') && isEmpty(name);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !isAbsent(name)));
}
