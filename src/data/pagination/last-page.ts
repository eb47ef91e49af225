import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { countsDisagree, pageNotHeeded } from './counts-disagree.ts';
import type { ListPage } from './numbered-page.ts';
import type { UpstreamList } from './upstream-list.ts';

const attemptsMax = 8;

/**
 * The page that holds the last row of a list in the upstream's own order, for a list whose first page shows more rows
 * than it holds. A page that was the last one when the rows were counted may lie beyond the end by now, or no longer
 * reach it: it is asked for until it does. Rejects with `UPSTREAM_UNAVAILABLE` when the length never holds still.
 */
export async function readLastPage(
  source: UpstreamList,
  range: SecondRange,
  first: ListPage,
): Promise<ListPage> {
  let { rowCount } = first;
  const seen = [first];
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const { pageSizeMax: pageSize } = source.sizes;
    const pageNumber = Math.max(1, Math.ceil(rowCount / pageSize));
    const page = await source.pageIfThere(range, pageNumber, pageSize, attempt > 0);
    if (page !== null) seen.push(page);
    if (page?.isCounted === false) {
      const rowsNow = await endOfUncounted(source, range, first, page, pageSize);
      if (rowsNow === null) return page;
      rowCount = rowsNow;
      continue;
    }
    const reached = (pageNumber - 1) * pageSize + (page?.rows.length ?? 0);
    if (page !== null && reached === page.rowCount && (page.rows.length > 0 || page.rowCount === 0))
      return page;
    rowCount = page?.rowCount ?? rowCount - pageSize;
  }
  throw endNotFound(seen);
}

/** Null when nothing follows `page`; else how many rows there seem to be. */
async function endOfUncounted(
  source: UpstreamList,
  range: SecondRange,
  first: ListPage,
  page: ListPage,
  pageSize: number,
): Promise<number | null> {
  const { pageNumber, rows, rowCountSaid, pageCountSaid } = page;
  const rowsBefore = (pageNumber - 1) * pageSize;
  if (rows.length === 0) return rowCountSaid === 0 ? rowsBefore : Math.min(rowsBefore, rowCountSaid);
  if (pageNumber > 1 && !bringsNewRows(first, page)) throw pageNotHeeded(page);
  const next = await source.pageIfThere(range, pageNumber + 1, pageSize, true);
  if (bringsNewRows(page, next)) return pageNumber * pageSize + 1;
  // Pages counted after a full page are refuted by a count of just the rows that came, the same on the page after it.
  const areRowsCounted = rowCountSaid === rowsBefore + rows.length && next?.rowCountSaid === rowCountSaid;
  const isRefuted = rows.length < pageSize || areRowsCounted;
  const countsMorePages = pageCountSaid !== null && pageCountSaid > pageNumber;
  if (rowCountSaid > rowsBefore + rows.length || (countsMorePages && !isRefuted)) throw countsDisagree(page);
  return null;
}

/**
 * Whether a first page whose counts disagree is all there is: if it is short, the page after it shows. Where pages come
 * smaller than requested, further ones are requested at that size, because it is not known by which of the two sizes the
 * provider counts pages and the rows before them.
 */
export async function isOnlyPage(
  source: UpstreamList,
  range: SecondRange,
  first: ListPage,
  pageSize: number,
): Promise<boolean> {
  const { rows, rowCount, rowCountSaid } = first;
  if (rows.length === pageSize) return false;
  const next = await source.pageIfThere(range, 2, pageSize);
  if (bringsNewRows(first, next)) {
    source.shrinkPages(rows.length, true);
    return false;
  }
  // As many rows as `total_items` says, on a page with room for more, refute what `total_pages` says.
  if (rowCount <= rows.length || rowCountSaid === rows.length) return true;
  if ((next?.rows.length ?? 0) > 0) throw pageNotHeeded(first);
  // The others may lie between two pages: those of the size that was asked for, cut short.
  if (rows.length < source.feed.pageSizeMin) throw countsDisagree(first);
  source.shrinkPages(rows.length, false);
  return false;
}

/** Whether a page that was asked for after another one has a row that was not on it. */
export function bringsNewRows(page: ListPage, next: ListPage | null): boolean {
  const known = new Set(page.rows.map((row) => transactionText(row)));
  return next?.rows.some((row) => !known.has(transactionText(row))) === true;
}

/** The failure for a list whose end is not where the pages that were read say it is. */
export function endNotFound(seen: readonly ListPage[]): Failure {
  const last = seen.at(-1);
  const stoodStill = seen.every(({ rowCountSaid }) => rowCountSaid === last?.rowCountSaid);
  const disagreeing = stoodStill ? last : seen.findLast(({ isCounted }) => !isCounted);
  if (disagreeing !== undefined) return countsDisagree(disagreeing);
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    "The provider's list changed its length with every call, so its end could not be read. Ask again.",
    { retryable: true },
  );
}
