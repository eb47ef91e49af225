import { compareInstants, type Instant } from './instant.ts';
import { createTimeZone, type LocalSecond, secondOf, type TimeZone } from './time-zone.ts';

/** Widths of a bucket. Days, weeks (from Monday) and months follow the calendar. */
export const bucketWidths = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
export type BucketWidth = (typeof bucketWidths)[number];

/** A span of time; `to` is the first instant after it. */
export interface TimeSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** Most buckets in a window: ten years of days. */
export const bucketCountMax = 3_660;

const daySeconds = 86_400;
/** Lower bound of a bucket's length: its full width minus what a change of the clocks takes. */
const shortestSeconds: Readonly<Record<BucketWidth, number>> = {
  HOUR: 1_800,
  DAY: daySeconds - 7_200,
  WEEK: 7 * daySeconds - 7_200,
  MONTH: 28 * daySeconds - 7_200,
};

/**
 * Cuts a window at the calendar boundaries of a zone, oldest bucket first, without gaps. The first bucket begins and
 * the last one ends with the window. Null if there would be more than `bucketCountMax`.
 */
export function toBuckets(
  { from, to }: TimeSpan,
  width: BucketWidth,
  timeZone: string,
): readonly TimeSpan[] | null {
  if (to.second - from.second > (bucketCountMax + 1) * shortestSeconds[width] * 2) return null;
  const zone = createTimeZone(timeZone);
  const buckets: TimeSpan[] = [];
  let start = from;
  while (compareInstants(start, to) < 0) {
    if (buckets.length === bucketCountMax) return null;
    const edge: Instant = { second: edgeAfter(start.second, width, zone), nano: 0 };
    const end = compareInstants(edge, to) < 0 ? edge : to;
    buckets.push({ from: start, to: end });
    start = end;
  }
  return buckets;
}

/** Index of the bucket that contains an instant; -1 if none does. */
export function bucketIndexOf(buckets: readonly TimeSpan[], at: Instant): number {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareInstants((buckets[middle] as TimeSpan).to, at) <= 0) low = middle + 1;
    else high = middle;
  }
  const bucket = buckets[low];
  return bucket !== undefined && compareInstants(bucket.from, at) <= 0 ? low : -1;
}

/** The first calendar boundary after an instant; a day that the zone skips has none. */
function edgeAfter(second: number, width: BucketWidth, zone: TimeZone): number {
  let local = zone.toLocal(second);
  // An hour that occurs twice is two buckets.
  if (width === 'HOUR') return second + 3_600 - modulo(local, 3_600);
  for (;;) {
    local = nextEdge(local, width);
    const edge = zone.firstAt(local);
    if (edge > second) return edge;
  }
}

function nextEdge(local: LocalSecond, width: Exclude<BucketWidth, 'HOUR'>): LocalSecond {
  const day = local - modulo(local, daySeconds);
  if (width === 'DAY') return day + daySeconds;
  // 1970-01-01 was a Thursday.
  if (width === 'WEEK') return day + daySeconds * (7 - modulo(day / daySeconds + 3, 7));
  const date = new Date(day * 1_000);
  return secondOf(date.getUTCFullYear(), date.getUTCMonth() + 2, 1);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
