import { Failure } from '../../domain/failure.ts';
import type { SourceOutcome } from '../pagination/page.ts';
import type { WindowCount, WindowSource } from '../pagination/window-source.ts';

/** A source whose window was counted. */
export interface CountedSource {
  readonly source: WindowSource;
  readonly count: WindowCount;
}

/** The counts of a window's sources. */
export interface WindowCounts {
  readonly counted: readonly CountedSource[];
  /**
   * Whether every source was counted; false if some were left out because others already need too many calls.
   */
  readonly isWhole: boolean;
  /** Sources that could not be counted, and why. */
  readonly failed: readonly FailedSource[];
}

/** A source that could not be read. */
export interface FailedSource {
  readonly source: WindowSource;
  readonly failure: Failure;
}

/** Sources to count before checking whether they need too many calls; then twice as many, and so on. */
const sourcesAtFirst = 3;

/**
 * Counts the windows of all sources before reading the rest of any, and stops once they need more than
 * `callsLeftMax` calls in total, so that a window that is too large costs few calls. A ledger that the
 * account does not have is left out if the provider knows the account in another ledger.
 */
export async function countWindows(
  sources: readonly WindowSource[],
  callsLeftMax: () => number = () => Number.POSITIVE_INFINITY,
): Promise<WindowCounts> {
  const counted: CountedSource[] = [];
  const failed: FailedSource[] = [];
  const needed = new Map<WindowSource, number>();
  const isWithinCalls = () => [...needed.values()].reduce((sum, calls) => sum + calls, 0) <= callsLeftMax();
  const count = async (source: WindowSource) => {
    const mayGoOn = (callsLeft: number) => {
      needed.set(source, callsLeft);
      return isWithinCalls();
    };
    try {
      counted.push({ source, count: await source.count(mayGoOn) });
    } catch (error) {
      needed.delete(source);
      failed.push({ source, failure: toFailure(error) });
    }
  };
  let begun = 0;
  for (let size = sourcesAtFirst; begun < sources.length && isWithinCalls(); size *= 2) {
    await Promise.all(sources.slice(begun, begun + size).map(count));
    begun += size;
  }
  const isThere = ({ account }: WindowSource) =>
    counted.some(({ source }) => isSameAccount(source.account, account));
  return {
    counted: inOrder(sources, counted),
    isWhole: begun >= sources.length,
    failed: inOrder(sources, failed).filter(
      ({ source, failure }) => failure.code !== 'ACCOUNT_NOT_FOUND' || !isThere(source),
    ),
  };
}

/**
 * Throws CALLS_EXCEEDED if windows take more calls than the operation has left. `what` names the purpose of
 * the read.
 */
export function checkCallsLeft(
  { counted, isWhole }: Pick<WindowCounts, 'counted' | 'isWhole'>,
  calls: { readonly made: number; readonly max: number },
  what: string,
): void {
  const needed = calls.made + counted.reduce((sum, { count }) => sum + count.callsLeft, 0);
  if (needed <= calls.max) return;
  const rowCount = counted.reduce((sum, { count }) => sum + (count.rowCount ?? 0), 0);
  const atLeast = isWhole && counted.every(({ count }) => count.isWhole) ? '' : 'at least ';
  throw new Failure(
    'CALLS_EXCEEDED',
    `The window holds ${atLeast}${rowCount} transactions, so ${what} needs ${atLeast}${needed} upstream calls; ` +
      `MAX_UPSTREAM_CALLS_PER_OPERATION allows ${calls.max}. Ask for a shorter window, or for fewer accounts or ledgers at once.`,
    { limit: { measure: 'calls', maximum: calls.max, value: needed } },
  );
}

/** The outcome of a source. */
export function outcomeOf(source: WindowSource, failure: Failure | null): SourceOutcome {
  const { account, ledger, staleBecause } = source;
  return {
    ...account,
    ledger,
    state: failure !== null ? 'FAILED' : staleBecause === null ? 'OK' : 'STALE',
    failure: failure ?? staleBecause,
  };
}

/** Rethrows an error that is not a `Failure`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

function inOrder<Item extends { readonly source: WindowSource }>(
  sources: readonly WindowSource[],
  items: readonly Item[],
): readonly Item[] {
  return [...items].sort((a, b) => sources.indexOf(a.source) - sources.indexOf(b.source));
}

function isSameAccount(a: WindowSource['account'], b: WindowSource['account']): boolean {
  return a.provider === b.provider && a.providerAccountId === b.providerAccountId;
}
