import { Failure, toError } from '../../domain/failure.ts';
import { type TransactionKey, transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import { judgePage } from '../../domain/page-evidence.ts';
import type { PageNumberFeed, PageTokenFeed } from '../../ports/transaction-feed.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { located } from '../sources.ts';

/** Rows by `transactionText`; a missing entry means that there is no such row. */
export type FoundRows = ReadonlyMap<string, Transaction | Error>;

/**
 * Finds rows of one second: reads that second's pages until all are found. Rows not found before a failure
 * get the failure as their outcome.
 */
export async function findInSecond(
  keys: readonly TransactionKey[],
  feed: PageNumberFeed,
  context: ReadContext,
): Promise<FoundRows> {
  const [{ account, createdSecond: fromSecond }] = keys as readonly [TransactionKey];
  const { pageSizeMax: pageSize } = feed;
  // An upstream that compares exactly excludes a row with a fraction from a range that ends at its second.
  const toSecond = keys.some(({ hasFraction }) => hasFraction) ? fromSecond + 1 : fromSecond;
  const range = { fromSecond, toSecond };
  return searchFor(keys, async function* () {
    const seen = new Set<string>();
    for (let pageNumber = 1; ; pageNumber++) {
      const page = await feed.page({ account, query: {}, range, pageNumber, pageSize }, context);
      const { rows, rowCount, pageCount } = page.value;
      yield rows;
      const seenBefore = seen.size;
      for (const row of rows) seen.add(transactionText(row));
      const verdict = judgePage({ pageNumber, pageSize, rowsOnPage: rows.length, rowCount, pageCount });
      if (verdict === 'last') return;
      // If the counts disagree, a page without a new row is the end, unless they count rows that are missing.
      if (seen.size === seenBefore) {
        if (rowCount > seen.size) throw missingRows(seen.size, rowCount);
        return;
      }
    }
  });
}

function missingRows(seenCount: number, rowCount: number): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider counts ${rowCount} transactions in one second and returned ${seenCount} of them, so one that was not found may still be there. Try again.`,
    { retryable: true },
  );
}

/**
 * Finds rows in a list that has neither a route for one row nor a filter by time: reads until the oldest
 * second is passed.
 */
export async function findFromTheTop(
  keys: readonly TransactionKey[],
  feed: PageTokenFeed,
  context: ReadContext,
): Promise<FoundRows> {
  const [key] = keys as readonly [TransactionKey];
  const oldestSecond = Math.min(...keys.map(({ createdSecond }) => createdSecond));
  return searchFor(keys, async function* () {
    let pageToken: string | null = null;
    do {
      const page: Awaited<ReturnType<PageTokenFeed['page']>> = await feed.page(
        key.account,
        'newest-first',
        pageToken,
        context,
      );
      const { rows, nextPageToken } = page.value;
      yield rows;
      const last = rows.at(-1);
      if (last !== undefined && last.createdAt.second < oldestSecond) return;
      pageToken = nextPageToken;
    } while (pageToken !== null);
  });
}

/** Finds rows with the provider's route for a single one. */
export async function findEach(
  keys: readonly TransactionKey[],
  { one }: PageTokenFeed,
  context: ReadContext,
): Promise<FoundRows> {
  const found = new Map<string, Transaction | Error>();
  await Promise.all(
    keys.map(async (key) => {
      try {
        const reading = await one?.(key.account, key.providerTransactionId, context);
        const row = reading?.value;
        if (row?.distinguishingId === key.distinguishingId) found.set(transactionText(key), row);
      } catch (error) {
        const failure = toFailure(key, error);
        if (failure !== null) found.set(transactionText(key), failure);
      }
    }),
  );
  return found;
}

/**
 * Picks the requested rows from pages until all are found; rows not found before a failure get the failure.
 */
async function searchFor(
  keys: readonly TransactionKey[],
  pages: () => AsyncIterable<readonly Transaction[]>,
): Promise<FoundRows> {
  const [key] = keys as readonly [TransactionKey];
  const found = new Map<string, Transaction | Error>();
  const wanted = new Set(keys.map(transactionText));
  try {
    for await (const rows of pages()) {
      for (const row of rows) {
        const id = transactionText(row);
        if (wanted.delete(id)) found.set(id, row);
      }
      if (wanted.size === 0) break;
    }
  } catch (error) {
    const failure = toFailure(key, error);
    if (failure !== null) for (const id of wanted) found.set(id, failure);
  }
  return found;
}

/** Null for an unknown account: its list is empty. */
function toFailure({ account, ledger }: TransactionKey, error: unknown): Error | null {
  if (!(error instanceof Failure)) return toError(error);
  return error.code === 'ACCOUNT_NOT_FOUND' ? null : located(error, account.provider, ledger);
}
