/** One page of a list with page numbers, and the provider's counts for the whole list. */
export interface PageEvidence {
  /** From 1. */
  readonly pageNumber: number;
  /** Rows that were requested. */
  readonly pageSize: number;
  readonly rowsOnPage: number;
  /** Rows of the whole list (`total_items`). */
  readonly rowCount: number;
  /** Pages of the whole list (`total_pages`); null if the provider does not say. */
  readonly pageCount: number | null;
}

/**
 * Whether a page is the last of its list. `last` and `more`: its rows, `rowCount` and `pageCount` agree. `capped`: they
 * agree if all pages are as short as this one, because the provider caps the page size. `unsure`: they disagree, or
 * only `rowCount` says that a full page is the last one; then only the following pages can show it.
 */
export type PageVerdict = 'last' | 'more' | 'capped' | 'unsure';

/** Judges a page. Every list with page numbers decides by this rule alone whether it is complete. */
export function judgePage({
  pageNumber,
  pageSize,
  rowsOnPage,
  rowCount,
  pageCount,
}: PageEvidence): PageVerdict {
  const rowsBefore = (pageNumber - 1) * pageSize;
  const rowsExpected = Math.max(0, Math.min(pageSize, rowCount - rowsBefore));
  // Providers count an empty list as no page or as one page.
  const countsAgree =
    pageCount === null || Math.max(1, pageCount) === Math.max(1, Math.ceil(rowCount / pageSize));
  if (rowsOnPage === rowsExpected && countsAgree) {
    if (rowsBefore + rowsOnPage < rowCount) return 'more';
    return pageCount === null && rowsOnPage === pageSize ? 'unsure' : 'last';
  }
  const isShort = rowsOnPage > 0 && rowsOnPage < rowsExpected;
  return isShort && pageCount === Math.ceil(rowCount / rowsOnPage) ? 'capped' : 'unsure';
}
