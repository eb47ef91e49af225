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

/** Rows of a page, and the index of the first one in the list according to its page number. */
export interface PlacedRows<Row> {
  readonly startIndex: number;
  readonly rows: readonly Row[];
}

/**
 * How many rows of a page another page of the list shows at other places. There are some if the list moved in between, or
 * if the provider does not cut its pages where page number and page size say. `areTied` tells rows that may swap places.
 */
export function countElsewhere<Row>(
  page: PlacedRows<Row>,
  other: PlacedRows<Row>,
  keyOf: (row: Row) => string,
  areTied: (row: Row, other: Row) => boolean = () => false,
): number {
  const places = new Map(other.rows.map((row, rowIndex) => [keyOf(row), rowIndex]));
  const lastPlace = other.rows.length - 1;
  return page.rows.filter((row, rowIndex) => {
    const place = places.get(keyOf(row));
    const expected = page.startIndex + rowIndex - other.startIndex;
    if (place === undefined || place === expected) return false;
    const there = other.rows[Math.min(Math.max(expected, 0), lastPlace)] as Row;
    return !areTied(row, there);
  }).length;
}
