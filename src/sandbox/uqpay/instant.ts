/** A point in time to the nanosecond: whole seconds since 1970 UTC and the rest. */
export interface Instant {
  readonly second: number;
  readonly nanosecond: number;
}

const isoPattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const daySeconds = 24 * 3600;
// The dates of one year recur, and the date is the expensive part of a time to read and to write.
const daysKnownMax = 1_000;
const daysRead = new Map<string, number | null>();
const daysWritten = new Map<number, string>();

/**
 * Reads an ISO 8601 time with an offset (`Z` or `±HH:MM`) and 0 to 9 fraction digits. Null for anything else, including
 * impossible dates and times (30 February, hour 24).
 */
export function parseInstant(text: string): Instant | null {
  const match = isoPattern.exec(text);
  if (match === null) return null;
  const [, date = '', hour, minute, secondOfMinute, fraction, sign, offsetHours = '0', offsetMinutes = '0'] =
    match;
  const dayStart = startOfDay(date);
  if (dayStart === null || Number(hour) > 23 || Number(minute) > 59 || Number(secondOfMinute) > 59)
    return null;
  if (Number(offsetHours) > 14 || Number(offsetMinutes) > 59) return null;
  const offsetSeconds = (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60) * (sign === '-' ? -1 : 1);
  const second = dayStart + Number(hour) * 3600 + Number(minute) * 60 + Number(secondOfMinute);
  return {
    second: second - offsetSeconds,
    nanosecond: fraction === undefined ? 0 : Number(fraction.padEnd(9, '0')),
  };
}

/** Start of the day `2026-01-31`, in seconds since 1970 UTC; null if there is no such day. */
function startOfDay(date: string): number | null {
  const known = daysRead.get(date);
  if (known !== undefined) return known;
  const startMs = Date.parse(`${date}T00:00:00Z`);
  // Date.parse rolls 30 February over into March; the round trip shows it.
  const isDay = !Number.isNaN(startMs) && new Date(startMs).toISOString().startsWith(date);
  const start = isDay ? startMs / 1000 : null;
  if (daysRead.size >= daysKnownMax) daysRead.clear();
  daysRead.set(date, start);
  return start;
}

/** Negative if `left` is earlier than `right`, zero if they are equal, positive if it is later. */
export function compareInstants(left: Instant, right: Instant): number {
  return left.second - right.second || left.nanosecond - right.nanosecond;
}

/** The instant of an epoch time in milliseconds. */
export function toInstant(epochMs: number): Instant {
  const second = Math.floor(epochMs / 1000);
  return { second, nanosecond: Math.round((epochMs - second * 1000) * 1e6) };
}

/**
 * Writes a whole second as UQPAY does (reference section 4.2): local time of UTC+8 with `+08:00`. `fraction` follows
 * the second as given; `zone: 'Z'` writes UTC instead.
 */
export function formatSecond(second: number, fraction = '', zone: '+08:00' | 'Z' = '+08:00'): string {
  const localSecond = zone === 'Z' ? second : second + 8 * 3600;
  const day = Math.floor(localSecond / daySeconds);
  const secondOfDay = localSecond - day * daySeconds;
  const [hour, minute] = [Math.floor(secondOfDay / 3600), Math.floor(secondOfDay / 60) % 60];
  const time = `${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[secondOfDay % 60]}`;
  return `${dateOfDay(day)}T${time}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** The date of a day, counted from 1970-01-01. */
function dateOfDay(day: number): string {
  const known = daysWritten.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * daySeconds * 1000).toISOString().slice(0, 10);
  if (daysWritten.size >= daysKnownMax) daysWritten.clear();
  daysWritten.set(day, date);
  return date;
}
