import { Failure } from '../domain/failure.ts';
import type { SecondRange } from '../ports/transaction-book.ts';
import type { ListPage, WalkSource } from './source.ts';

const attemptsMax = 8;

/**
 * The page that holds the last row of a list in the upstream's own order, for a list whose first page shows more rows
 * than it holds. A page that was the last one when the rows were counted may lie beyond the end by now, or no longer
 * reach it: it is asked for until it does. Rejects with `UPSTREAM_UNAVAILABLE` when the length never holds still.
 */
export async function readLastPage(
  source: WalkSource,
  range: SecondRange,
  first: ListPage,
): Promise<ListPage> {
  const pageSize = source.book.pageSizeMax;
  let { rowCount } = first;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const pageNumber = Math.max(1, Math.ceil(rowCount / pageSize));
    const page = await source.pageIfThere(range, pageNumber, pageSize, attempt > 0);
    const reached = (pageNumber - 1) * pageSize + (page?.rows.length ?? 0);
    if (page !== null && reached === page.rowCount && (page.rows.length > 0 || page.rowCount === 0))
      return page;
    rowCount = page?.rowCount ?? rowCount - pageSize;
  }
  throw movedTooOften();
}

/** The failure for a list whose end could not be read. */
export function movedTooOften(): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    "The provider's list changed its length with every call, so its end could not be read. Ask again.",
    { retryable: true },
  );
}
