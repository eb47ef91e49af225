/** Headers by lower-case name; a header that was sent more than once is a list, whatever its name. */
export type SentHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Collects headers as they were sent, from `rawHeaders`. Node's own `headers` joins some repeated headers and drops
 * others; security decisions need to see all values.
 */
export function sentHeaders(rawHeaders: readonly string[]): SentHeaders {
  // Without a prototype, so that a header named "__proto__" is a header like any other.
  const sent: Record<string, string | readonly string[]> = Object.create(null);
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = sent[name];
    sent[name] = before === undefined ? value : [before, value].flat();
  }
  return sent;
}
