import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { countsDisagree, pageNotHeeded } from './counts-disagree.ts';
import type { ListPage } from './numbered-page.ts';
import type { UpstreamList } from './upstream-list.ts';

const attemptsMax = 8;

/**
 * The page with the last row of a list in the upstream's own order, for a list with more rows than its first
 * page. The page that was last when the rows were counted may by now be beyond the end, or no longer reach
 * it; it is requested until it does. Rejects with `UPSTREAM_UNAVAILABLE` if the length keeps changing.
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

/** Null if nothing follows `page`; otherwise how many rows there seem to be. */
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
  // Page counts after a full page are refuted by a row count equal to the rows received, on this page and the
  // next.
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
  // As many rows as `total_items` says, on a page with room for more, refute `total_pages`.
  if (rowCount <= rows.length || rowCountSaid === rows.length) return true;
  if ((next?.rows.length ?? 0) > 0) throw pageNotHeeded(first);
  // The other rows may lie between two pages, if pages of the requested size are cut short.
  if (rows.length < source.feed.pageSizeMin) throw countsDisagree(first);
  source.shrinkPages(rows.length, false);
  return false;
}

/** Whether a page has a row that was not on the page requested before it. */
export function bringsNewRows(page: ListPage, next: ListPage | null): boolean {
  const known = new Set(page.rows.map((row) => transactionText(row)));
  return next?.rows.some((row) => !known.has(transactionText(row))) === true;
}

/** The failure for a list whose end is not where the pages read say it is. */
export function endNotFound(seen: readonly ListPage[]): Failure {
  const last = seen.at(-1);
  const stoodStill = seen.every(({ rowCountSaid }) => rowCountSaid === last?.rowCountSaid);
  const disagreeing = stoodStill ? last : seen.findLast(({ isCounted }) => !isCounted);
  if (disagreeing !== undefined) return countsDisagree(disagreeing);
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    "The provider's list changed its length with every call, so its end could not be read. Try again.",
    { retryable: true },
  );
}
