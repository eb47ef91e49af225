import { type Instant, instantText } from '../domain/instant.ts';
import { createTimeZone } from '../domain/time-zone.ts';

/** Writes instants as RFC 3339 in the local time of a zone, `2026-01-31T17:30:00+08:00`; in UTC with `Z`. */
export function createTimeWriter(timeZone: string): (instant: Instant | null) => string | null {
  if (timeZone === 'UTC') return (instant) => (instant === null ? null : instantText(instant));
  const zone = createTimeZone(timeZone);
  return (instant) => {
    if (instant === null) return null;
    const local = zone.toLocal(instant.second);
    const text = instantText({ second: local, nano: instant.nano }).slice(0, -1);
    return `${text}${offsetText(local - instant.second)}`;
  };
}

/** Offsets before 1972 may have seconds, which RFC 3339 cannot express, so they are cut off. */
function offsetText(seconds: number): string {
  const minutes = Math.trunc(Math.abs(seconds) / 60);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${seconds < 0 ? '-' : '+'}${hour}:${minute}`;
}
