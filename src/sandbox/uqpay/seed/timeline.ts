import type { RandomWords } from '../../shared/random.ts';
import { formatSecond } from '../instant.ts';

const day = 24 * 3600;

/** Many rows in one second, as after a payroll run. */
export interface Burst {
  readonly daysAgo: number;
  readonly count: number;
  /** Whether the rows have rising milliseconds within the second. */
  readonly withMilliseconds?: boolean;
}

/** A create time, before it is written as text. */
export interface Moment {
  readonly second: number;
  readonly fraction: string;
  readonly zone: '+08:00' | 'Z';
  /** True for a row of a burst. */
  readonly inBurst: boolean;
}

/** The plan of an account's year. */
export interface TimelinePlan {
  readonly nowSecond: number;
  readonly count: number;
  readonly bursts: readonly Burst[];
  /** A period without rows, in days ago: `[200, 50]` has none from 200 to 50 days ago. */
  readonly gap?: readonly [number, number];
}

/** The moments of `count` rows over the last 365 days, bursts included, oldest first. */
export function createTimeline(
  { nowSecond, count, bursts, gap }: TimelinePlan,
  random: RandomWords,
): Moment[] {
  const moments: Moment[] = bursts.flatMap(({ daysAgo, count: size, withMilliseconds }) =>
    Array.from({ length: size }, (_, index) => ({
      second: nowSecond - Math.round(daysAgo * day),
      fraction: withMilliseconds ? String(index + 1).padStart(3, '0') : '',
      zone: '+08:00' as const,
      inBurst: true,
    })),
  );
  while (moments.length < count) {
    const secondsAgo = 40 + random.integer(0, 365 * day - 60);
    if (gap !== undefined && secondsAgo < gap[0] * day && secondsAgo > gap[1] * day) continue;
    const fraction = moments.length % 53 === 7 ? random.digits(random.integer(1, 9)) : '';
    moments.push({
      second: nowSecond - secondsAgo,
      fraction,
      zone: moments.length % 31 === 11 ? 'Z' : '+08:00',
      inBurst: false,
    });
  }
  return moments.sort(
    (left, right) =>
      left.second - right.second ||
      (left.fraction < right.fraction ? -1 : left.fraction > right.fraction ? 1 : 0),
  );
}

/** The create time as text. */
export function formatMoment({ second, fraction, zone }: Moment): string {
  return formatSecond(second, fraction, zone);
}

/** A row's status, and when it was completed: null or `""` while pending (reference section 8, row 31). */
export function settle(
  { second, fraction, zone }: Moment,
  rowIndex: number,
  nowSecond: number,
  secondsToCompleteMax: number,
  random: RandomWords,
): { readonly transaction_status: string; readonly complete_time: string | null } {
  const isRecent = nowSecond - second < 3 * day;
  if (random.chance(isRecent ? 0.3 : 0.004)) {
    return { transaction_status: 'PENDING', complete_time: rowIndex % 2 === 0 ? null : '' };
  }
  const completeSecond = Math.min(nowSecond, second + random.integer(1, secondsToCompleteMax));
  const complete_time = formatSecond(completeSecond, fraction, zone);
  if (rowIndex % 401 === 17) return { transaction_status: 'ON_HOLD', complete_time: '' };
  if (rowIndex % 211 === 19) return { transaction_status: 'CANCELLED', complete_time };
  return { transaction_status: random.chance(0.03) ? 'FAILED' : 'COMPLETED', complete_time };
}
