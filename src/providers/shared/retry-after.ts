/** Largest result: nine digits, as in a delay. A date may be thousands of years away. */
const secondsMax = 999_999_999;

/** The format of C's asctime, which names no zone and means GMT. */
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * How many seconds a `Retry-After` header asks to wait, by a delay or by any of the three HTTP date formats; null if
 * absent or unreadable. RFC 9110 sections 5.6.7 and 10.2.3.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // Date.parse also takes fragments such as "-5"; an HTTP date starts with the name of a day.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const atMs = Date.parse(asctime.test(text) ? `${text} GMT` : text);
  return Number.isNaN(atMs) ? null : Math.min(secondsMax, Math.max(0, Math.ceil((atMs - nowMs) / 1_000)));
}
