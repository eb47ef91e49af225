import { secondMax } from '../../domain/instant.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';

/** The query of a time range. Both bounds are inclusive and apply to the create time (reference sections 5.2, 5.3). */
export function toRangeQuery({ fromSecond, toSecond }: SecondRange): Record<string, string> {
  return {
    ...(fromSecond === null ? {} : { start_time: toTimeText(fromSecond) }),
    ...(toSecond === null ? {} : { end_time: toTimeText(toSecond) }),
  };
}

/** The zone in which UQPAY writes its times (reference section 4.2). */
const zoneSeconds = 8 * 3_600;

/**
 * A bound in UQPAY's own zone, with its offset: a server that reads the offset and one that takes every time to be in
 * that zone both read the same moment. Only the last hours of the year 9999 have no such text.
 */
function toTimeText(second: number): string {
  const local = second + zoneSeconds;
  return local > secondMax ? `${dateTime(second)}Z` : `${dateTime(local)}+08:00`;
}

function dateTime(second: number): string {
  return new Date(second * 1_000).toISOString().slice(0, -5);
}
