import type { HttpReply } from '../../ports/http.ts';

/**
 * Joins repeated headers into one value. For headers that may appear only once it takes the first value, as Node's own
 * client does: two `retry-after` values joined would not be a time.
 */
export function toSingleHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): HttpReply['headers'] {
  const single: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    single[name] = typeof value === 'object' ? (onlyOnce.has(name) ? value[0] : value.join(', ')) : value;
  }
  return single;
}

const onlyOnce: ReadonlySet<string> = new Set([
  'age',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
]);
