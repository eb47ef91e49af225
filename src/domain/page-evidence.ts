/** One page of a list by page number, and what the provider says beside it about the whole list. */
export interface PageEvidence {
  /** From 1. */
  readonly pageNumber: number;
  /** Rows that were asked for. */
  readonly pageSize: number;
  readonly rowsOnPage: number;
  /** Rows of the whole list (`total_items`). */
  readonly rowCount: number;
  /** Pages of the whole list (`total_pages`); null when the provider does not say it. */
  readonly pageCount: number | null;
}

/**
 * What a page says about the end of its list. `last` and `more`: its rows, `rowCount` and `pageCount` agree. `capped`:
 * they agree once the pages are taken to be as small as this one. `unsure`: they disagree, or a single number says
 * that a full page is the last one; only the pages that follow can tell.
 */
export type PageVerdict = 'last' | 'more' | 'capped' | 'unsure';

/** The one rule for "this list is complete", for every list by page number. */
export function judgePage({
  pageNumber,
  pageSize,
  rowsOnPage,
  rowCount,
  pageCount,
}: PageEvidence): PageVerdict {
  const rowsBefore = (pageNumber - 1) * pageSize;
  const rowsExpected = Math.max(0, Math.min(pageSize, rowCount - rowsBefore));
  // No pages and one page are two ways to count an empty list.
  const countsAgree =
    pageCount === null || Math.max(1, pageCount) === Math.max(1, Math.ceil(rowCount / pageSize));
  if (rowsOnPage === rowsExpected && countsAgree) {
    if (rowsBefore + rowsOnPage < rowCount) return 'more';
    return pageCount === null && rowsOnPage === pageSize ? 'unsure' : 'last';
  }
  const isShort = rowsOnPage > 0 && rowsOnPage < rowsExpected;
  return isShort && pageCount === Math.ceil(rowCount / rowsOnPage) ? 'capped' : 'unsure';
}
