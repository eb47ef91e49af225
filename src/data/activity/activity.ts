import type { Failure } from '../../domain/failure.ts';
import { compareInstants, type Instant, instantOfMs, instantText } from '../../domain/instant.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { ledgerText } from '../keys.ts';
import type { TransactionWindows } from '../pagination/index.ts';
import type { SourceOutcome, TransactionSelection } from '../pagination/page.ts';
import type { WindowSource } from '../pagination/window-source.ts';
import { type ActivityPoint, addUp, type SourceSums, sizeOf, sumRows, toPoints } from './activity-sums.ts';
import type { ClosedWindows } from './closed-windows.ts';
import { checkCallsLeft, countWindows, outcomeOf, toFailure } from './window-counts.ts';

/** Money in and out over time. */
export interface ActivitySeries {
  /** By bucket, then by currency; every currency has a point in every bucket. */
  readonly points: readonly ActivityPoint[];
  readonly complete: boolean;
  readonly transactionCount: number;
  readonly asOf: Instant;
  readonly sources: readonly SourceOutcome[];
}

/** The activity requested. */
export interface ActivityQuery {
  readonly selection: TransactionSelection;
  readonly window: TimeSpan;
  /** Buckets of the window, oldest first. */
  readonly buckets: readonly TimeSpan[];
}

/** Dependencies for reading activity. */
export interface ActivityPorts {
  readonly paginator: TransactionWindows;
  readonly closedWindows: ClosedWindows<SourceSums>;
  readonly clock: Clock;
  readonly callsMax: number;
}

/**
 * Sums every transaction of a window by bucket and currency. Sources that fail are named, and make all sums
 * null. Rejects with CALLS_EXCEEDED after the first pages if the window takes too many calls.
 */
export async function readActivity(
  { selection, window, buckets }: ActivityQuery,
  { paginator, closedWindows, clock, callsMax }: ActivityPorts,
  context: ReadContext,
): Promise<ActivitySeries> {
  const now = instantOfMs(clock.now());
  const isClosed = compareInstants(window.to, now) < 0;
  const keyOfSource = (source: WindowSource) => (isClosed ? keyOf(source, selection, buckets) : null);
  const sources = paginator.windows(selection, window, context);
  // A window that was counted before needs no more calls once its proof is found.
  const mayBeKnown = sources.some((source) => closedWindows.has(keyOfSource(source) ?? ''));
  const { counted, isWhole, failed } = await countWindows(
    sources,
    mayBeKnown ? undefined : () => callsMax - context.meter.calls,
  );
  const keyed = counted.map((each) => ({ ...each, key: keyOfSource(each.source) }));
  const known = keyed.map(({ key, count }) => (key === null ? null : closedWindows.find(key, count.proof)));
  const unknown = keyed.filter((_, sourceIndex) => known[sourceIndex] === null);
  checkCallsLeft({ counted: unknown, isWhole }, { made: context.meter.calls, max: callsMax }, 'activity');
  const read = await Promise.all(
    keyed.map(async ({ source, count, key }, sourceIndex) => {
      try {
        const sums = known[sourceIndex] ?? sumRows(await source.rows(), buckets);
        if (key !== null) closedWindows.keep(key, count.proof, sums, sizeOf(sums));
        return { sums, outcome: outcomeOf(source, null), failure: null };
      } catch (error) {
        const failure = toFailure(error);
        return { sums: null, outcome: outcomeOf(source, failure), failure };
      }
    }),
  );
  const failures: readonly Failure[] = [...failed, ...read].flatMap(({ failure }) => failure ?? []);
  const tooMany = failures.find(({ code }) => code === 'CALLS_EXCEEDED');
  if (tooMany !== undefined) throw tooMany;
  const complete = failures.length === 0;
  const sums = addUp(read.flatMap((each) => each.sums ?? []));
  const points = toPoints(sums, buckets, complete);
  return {
    points,
    complete,
    transactionCount: points.reduce((sum, point) => sum + point.count + point.unsummedCount, 0),
    asOf: isClosed ? window.to : now,
    sources: [
      ...read.map(({ outcome }) => outcome),
      ...failed.map(({ source, failure }) => outcomeOf(source, failure)),
    ],
  };
}

/** What the sums of a source depend on besides its rows. */
function keyOf(
  source: WindowSource,
  { statuses, currencies, types, referenceIds, directions }: TransactionSelection,
  buckets: readonly TimeSpan[],
): string {
  const edges = [buckets[0]?.from, ...buckets.map(({ to }) => to)].map((edge) => edge && instantText(edge));
  return JSON.stringify([
    ...[ledgerText(source.account, source.ledger), source.filterText],
    ...[statuses, currencies, types, referenceIds, directions, edges],
  ]);
}
