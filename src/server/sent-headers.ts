/** Headers by lower-case name; one that was sent more than once is a list, whatever its name. */
export type SentHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Headers as they came over the wire, from `rawHeaders`. Node's own `headers` joins some that were sent twice and
 * drops others; whoever decides by a header has to see both.
 */
export function sentHeaders(rawHeaders: readonly string[]): SentHeaders {
  // Without a prototype, so that a header of the name "__proto__" is a header like any other.
  const sent: Record<string, string | readonly string[]> = Object.create(null);
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = sent[name];
    sent[name] = before === undefined ? value : [before, value].flat();
  }
  return sent;
}
