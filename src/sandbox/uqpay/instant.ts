/** A point in time to the nanosecond: whole seconds since 1970 UTC and the rest. */
export interface Instant {
  readonly second: number;
  readonly nanosecond: number;
}

const isoPattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an ISO 8601 time with an offset (`Z` or `±HH:MM`) and 0 to 9 fraction digits.
 * Answers null for anything else, calendar nonsense (30 February, hour 24) included.
 */
export function parseInstant(text: string): Instant | null {
  const match = isoPattern.exec(text);
  if (match === null) return null;
  const [, date = '', time = '', fraction = '', sign, hours = '0', minutes = '0'] = match;
  const localMs = Date.parse(`${date}T${time}Z`);
  // Date.parse rolls 30 February over into March; the round trip shows it.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(date)) return null;
  if (Number(hours) > 14 || Number(minutes) > 59) return null;
  const offsetSeconds = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === '-' ? -1 : 1);
  return { second: localMs / 1000 - offsetSeconds, nanosecond: Number(fraction.padEnd(9, '0')) };
}

/** Below zero, zero, above zero: `left` is earlier than, equal to, later than `right`. */
export function compareInstants(left: Instant, right: Instant): number {
  return left.second - right.second || left.nanosecond - right.nanosecond;
}

/** The instant of an epoch time in milliseconds. */
export function toInstant(epochMs: number): Instant {
  const second = Math.floor(epochMs / 1000);
  return { second, nanosecond: Math.round((epochMs - second * 1000) * 1e6) };
}

/**
 * Writes a whole second as UQPAY does (reference section 4.2): local time of UTC+8 with `+08:00`.
 * `fraction` is put behind the second as given; `zone: 'Z'` writes UTC instead.
 */
export function formatSecond(second: number, fraction = '', zone: '+08:00' | 'Z' = '+08:00'): string {
  const localSecond = zone === 'Z' ? second : second + 8 * 3600;
  const text = new Date(localSecond * 1000).toISOString().slice(0, 19);
  return `${text}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}
