/** The viewer's time zone, an IANA name. */
export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const instantFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** Date and time in the viewer's zone. */
export function instantText(instant: string | null): string {
  return instant === null ? '\u2013' : instantFormat.format(new Date(instant));
}

/** Date and time with seconds and the zone's name, for tooltips. */
export function exactInstantText(instant: string): string {
  return exactFormat.format(new Date(instant));
}

export function dayText(instant: string): string {
  return dayFormat.format(new Date(instant));
}

export function clockText(instant: string): string {
  return clockFormat.format(new Date(instant));
}

/** Age in words: `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`. */
export function ageText(instant: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(instant)) / 1_000));
  if (seconds < 3) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** First instant of the viewer's day `daysBack` days ago. */
export function startOfDay(daysBack: number, nowMs: number): string {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - daysBack);
  return day.toISOString();
}

/** First instant of a day such as `2026-11-30` in the viewer's zone; null when it is not a day. */
export function instantOfDay(day: string, daysLater = 0): string | null {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const at = new Date(year, month - 1, date + daysLater);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
