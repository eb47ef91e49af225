import type { ActivityQuery } from '../../data/activity/activity.ts';
import { compareInstants, instantOfMs } from '../../domain/instant.ts';
import { type BucketWidth, bucketCountMax, type TimeSpan, toBuckets } from '../../domain/time-buckets.ts';
import type { DateTimeRange, TransactionFilter } from '../../generated/resolvers.ts';
import type { GatewayContext } from '../context.ts';
import { badInput } from './bad-input.ts';
import { toSelection } from './filters.ts';

/** The arguments of `activity`. */
export interface ActivityArguments {
  readonly filter: TransactionFilter;
  readonly bucket: BucketWidth;
  readonly timeZone: string;
}

/** Parses the arguments of `activity`. Throws BAD_USER_INPUT and ACCOUNT_OUT_OF_SCOPE. */
export function toActivityQuery(
  { filter, bucket, timeZone }: ActivityArguments,
  context: GatewayContext,
): ActivityQuery {
  const window = toTimeSpan('filter.createdAt', filter.createdAt, context);
  const statuses = filter.statuses ?? ['COMPLETED' as const];
  const selection = toSelection({ account: null, balance: null }, { ...filter, statuses }, context);
  return { selection, window, buckets: bucketsOf('filter.createdAt', window, bucket, timeZone) };
}

/** Parses a range that must have a lower end; without an upper end it ends now. Throws BAD_USER_INPUT. */
export function toTimeSpan(
  argumentName: string,
  range: DateTimeRange | null | undefined,
  { now }: Pick<GatewayContext, 'now'>,
): TimeSpan {
  const from = range?.from ?? null;
  if (from === null) {
    throw badInput(argumentName, 'must have a "from": without one there is no end to what would be read.');
  }
  const to = range?.to ?? instantOfMs(now());
  if (compareInstants(from, to) <= 0) return { from, to };
  const found = range?.to == null ? 'in the future' : 'later than its "to"';
  throw badInput(argumentName, `must not have a "from" that is ${found}.`);
}

/** Splits a window into buckets. Throws BAD_USER_INPUT when there would be more than `bucketCountMax`. */
export function bucketsOf(
  argumentName: string,
  window: TimeSpan,
  bucket: BucketWidth,
  timeZone: string,
): readonly TimeSpan[] {
  const buckets = toBuckets(window, bucket, timeZone);
  if (buckets !== null) return buckets;
  const wider = bucket === 'MONTH' ? '' : ', or ask for a wider "bucket"';
  throw badInput(
    argumentName,
    `makes more than ${bucketCountMax} buckets of a ${bucket}. Choose a shorter range${wider}.`,
  );
}
