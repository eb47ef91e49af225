/**
 * A point in time with the precision its writer gave it: whole seconds since the epoch, and the fraction as
 * written. Plain data, so that it can be stored and sent.
 */
export interface Instant {
  /** Whole seconds since 1970-01-01T00:00:00Z, rounded down. */
  readonly second: number;
  /** Nanoseconds within the second, 0 to 999,999,999. */
  readonly nano: number;
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9})\d*)? ?([Zz]|[+-]\d{2}:?\d{2})$/;

/**
 * Reads an RFC 3339 time with any offset and 0 to 9 fraction digits (further digits are cut). A blank instead
 * of `T`, a blank before the offset and an offset without colon are accepted, as providers write them. Null
 * when it is no time, names a day that does not exist, or has no offset.
 */
export function parseInstant(text: string): Instant | null {
  const match = rfc3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, secondOfMinute, fraction = '', offset = 'Z'] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, secondOfMinute].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (mo < 1 || mo > 12 || d < 1 || h > 23 || mi > 59 || s > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (date.getUTCMonth() !== mo - 1) return null;
  const offsetSeconds = parseOffset(offset);
  if (offsetSeconds === null) return null;
  const second = date.getTime() / 1000 + h * 3600 + mi * 60 + s - offsetSeconds;
  return { second, nano: Number(fraction.padEnd(9, '0')) };
}

function parseOffset(offset: string): number | null {
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

// Rows of one page were read at one time, and a date costs more to write than the rest of a row's time.
let secondWritten = Number.NaN;
let secondText = '';

/** UTC text with `Z`: no fraction when it is zero, else 3, 6 or 9 digits, whichever loses nothing. */
export function instantText(instant: Instant): string {
  if (instant.second !== secondWritten) {
    secondText = new Date(instant.second * 1000).toISOString().slice(0, -5);
    secondWritten = instant.second;
  }
  if (instant.nano === 0) return `${secondText}Z`;
  const nine = String(instant.nano).padStart(9, '0');
  const digits = nine.endsWith('000000') ? 3 : nine.endsWith('000') ? 6 : 9;
  return `${secondText}.${nine.slice(0, digits)}Z`;
}

/** Negative when `a` is earlier than `b`, 0 when they are the same instant. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.second - b.second || a.nano - b.nano;
}

/** The first whole second at or after the instant: an upper bound that includes it at second resolution. */
export function ceilSecond(instant: Instant): number {
  return instant.nano === 0 ? instant.second : instant.second + 1;
}

/** Instant of a clock reading in epoch milliseconds. */
export function instantOfMs(epochMs: number): Instant {
  const second = Math.floor(epochMs / 1000);
  return { second, nano: Math.round(epochMs - second * 1000) * 1_000_000 };
}
