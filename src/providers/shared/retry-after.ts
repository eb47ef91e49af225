/** As long as the longest delay that is read: a date may be thousands of years off. */
const secondsMax = 999_999_999;

/**
 * Seconds that a `Retry-After` header asks to wait, from its two forms (delay, HTTP date); null when absent or
 * not readable. RFC 9110 section 10.2.3.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // Date.parse also takes fragments such as "-5"; an HTTP date starts with the name of a day.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.min(secondsMax, Math.max(0, Math.ceil((atMs - nowMs) / 1_000)));
}
