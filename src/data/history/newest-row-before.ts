import { compareInstants, type Instant } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ReadingLookup } from '../../ports/reading-store.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import type { TransactionPaginator, TransactionWindows } from '../pagination/index.ts';
import { pageFrom, type TransactionSelection } from '../pagination/page.ts';
import type { CursorSigner } from '../pagination/signed-cursor.ts';
import { failuresOf } from '../sources.ts';
import { followBalance } from './ending-balances.ts';

/** Dependencies for reading the past of a balance. */
export interface PastPorts {
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly paginator: TransactionPaginator & TransactionWindows;
  /** Null if no readings are stored. */
  readonly readings: ReadingLookup | null;
  readonly signer: CursorSigner;
  readonly clock: Clock;
  readonly callsMax: number;
}

/**
 * The newest completed row before an instant, if it reports the balance after it; null if there is none, or
 * if more than a hundred rows share its time, so that the newest is unknown. Rejects with the `Failure` that
 * left it unknown.
 */
export async function newestRowBefore(
  selection: TransactionSelection,
  before: Instant,
  { paginator }: Pick<PastPorts, 'paginator'>,
  context: ReadContext,
): Promise<Transaction | null> {
  for (const size of rowCounts) {
    const { rows, sources } = await paginator.page(
      { ...selection, statuses: ['COMPLETED'], createdFrom: null, createdTo: before },
      pageFrom(null, size),
      context,
    );
    const failure = failuresOf(sources)[0];
    if (failure !== undefined) throw failure;
    // Rows of one instant are not in the order in which they happened, and the page may end between them.
    const isFull = rows.length === size;
    const whole = isFull ? rows.filter((row) => !isTied(row, rows.at(-1) as Transaction)) : rows;
    if (isFull && whole.length === 0) continue;
    const newest = followBalance(whole.toReversed(), null).at(-1)?.row;
    return newest?.endingBalance == null ? null : newest;
  }
  return null;
}

/** Rows to read: more if all of them are of one instant, which is rare. */
const rowCounts = [20, 100];

function isTied({ createdAt: a }: Transaction, { createdAt: b }: Transaction): boolean {
  return compareInstants(a, b) === 0;
}
