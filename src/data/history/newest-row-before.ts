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

/** What a balance's past is read with. */
export interface PastPorts {
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly paginator: TransactionPaginator & TransactionWindows;
  /** Null where no readings are kept. */
  readonly readings: ReadingLookup | null;
  readonly signer: CursorSigner;
  readonly clock: Clock;
  readonly callsMax: number;
}

/**
 * The newest completed row before an instant, if it says what the balance was after it; null when there is none, and where
 * more than a hundred share its time, so that it is unknown which was the newest.
 * Rejects with the `Failure` that left it unknown.
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
    // Rows of one instant are not in the order in which they happened, and those at the page's end may lack others.
    const isFull = rows.length === size;
    const whole = isFull ? rows.filter((row) => !isTied(row, rows.at(-1) as Transaction)) : rows;
    if (isFull && whole.length === 0) continue;
    const newest = followBalance(whole.toReversed(), null).at(-1)?.row;
    return newest?.endingBalance == null ? null : newest;
  }
  return null;
}

/** Rows that are looked at: more where all of them are of one instant, which happens seldom. */
const rowCounts = [20, 100];

function isTied({ createdAt: a }: Transaction, { createdAt: b }: Transaction): boolean {
  return compareInstants(a, b) === 0;
}
