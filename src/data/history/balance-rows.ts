import type { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { checkCallsLeft, countWindows, outcomeOf, toFailure } from '../activity/window-counts.ts';
import type { TransactionWindows } from '../pagination/index.ts';
import { compareRows } from '../pagination/order.ts';
import type { SourceOutcome, TransactionSelection } from '../pagination/page.ts';

/** The rows of one balance in a window. */
export interface BalanceRows {
  /** Of any status, oldest first; empty if they could not be read. */
  readonly rows: readonly Transaction[];
  readonly sources: readonly SourceOutcome[];
  /** Why they could not be read; null when they could. */
  readonly failure: Failure | null;
}

/** Nothing was read, because nothing is needed. */
export const noRows: BalanceRows = { rows: [], sources: [], failure: null };

/**
 * Reads every row of a balance in a window. Rejects with CALLS_EXCEEDED; `what` names the purpose of the
 * read.
 */
export async function readBalanceRows(
  selection: TransactionSelection,
  window: TimeSpan,
  what: string,
  { paginator, callsMax }: { readonly paginator: TransactionWindows; readonly callsMax: number },
  context: ReadContext,
): Promise<BalanceRows> {
  const counts = await countWindows(
    paginator.windows(selection, window, context),
    () => callsMax - context.meter.calls,
  );
  const { counted, failed } = counts;
  checkCallsLeft(counts, { made: context.meter.calls, max: callsMax }, what);
  const rows: Transaction[] = [];
  const sources: SourceOutcome[] = [];
  let failure: Failure | null = failed[0]?.failure ?? null;
  for (const { source } of counted) {
    try {
      rows.push(...(await source.rows()));
      sources.push(outcomeOf(source, null));
    } catch (error) {
      failure = toFailure(error);
      if (failure.code === 'CALLS_EXCEEDED') throw failure;
      sources.push(outcomeOf(source, failure));
    }
  }
  for (const { source, failure: why } of failed) sources.push(outcomeOf(source, why));
  if (failure !== null) return { rows: [], sources, failure };
  return { rows: rows.sort((a, b) => compareRows(b, a)), sources, failure };
}
