/** A page of a list with page numbers. */
export interface SlicePage {
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** Rows of a list by index (from 0), `toIndex` exclusive. */
export interface IndexRange {
  readonly fromIndex: number;
  readonly toIndex: number;
  /** Which end of the range the page must show if one page cannot show all of it. */
  readonly firstNeeded: 'from' | 'to';
}

/** Index of a page's first row. */
export function startOf({ pageNumber, pageSize }: SlicePage): number {
  return (pageNumber - 1) * pageSize;
}

/** Whether a page shows all of a range. */
export function covers(page: SlicePage, { fromIndex, toIndex }: IndexRange): boolean {
  const start = startOf(page);
  return start <= fromIndex && toIndex <= start + page.pageSize;
}

/**
 * The page to read for a range. The largest size is chosen if its page shows all of the range, because every caller
 * reads pages of that size. Otherwise it is the size whose page shows most of the range and then reaches furthest
 * beyond it.
 */
export function chooseSlicePage(range: IndexRange, pageSizeMin: number, pageSizeMax: number): SlicePage {
  const largest = pageWith(range, pageSizeMax);
  if (covers(largest, range)) return largest;
  let best = largest;
  for (let pageSize = pageSizeMax - 1; pageSize >= pageSizeMin; pageSize--) {
    const page = pageWith(range, pageSize);
    const isBetter =
      shownOf(page, range) - shownOf(best, range) || reachOf(page, range) - reachOf(best, range);
    if (isBetter > 0) best = page;
  }
  return best;
}

/** The largest page that begins at `start`; null when there is none. */
export function pageStartingAt(start: number, pageSizeMin: number, pageSizeMax: number): SlicePage | null {
  for (let pageSize = pageSizeMax; pageSize >= pageSizeMin; pageSize--) {
    if (start % pageSize === 0) return { pageNumber: start / pageSize + 1, pageSize };
  }
  return null;
}

/** The page of a given size that shows the needed end of a range. */
function pageWith({ fromIndex, toIndex, firstNeeded }: IndexRange, pageSize: number): SlicePage {
  const pageNumber =
    firstNeeded === 'from'
      ? Math.floor(fromIndex / pageSize) + 1
      : Math.max(1, Math.ceil(toIndex / pageSize));
  return { pageNumber, pageSize };
}

function shownOf(page: SlicePage, { fromIndex, toIndex }: IndexRange): number {
  const start = startOf(page);
  return Math.min(toIndex, start + page.pageSize) - Math.max(fromIndex, start);
}

function reachOf(page: SlicePage, { firstNeeded }: IndexRange): number {
  return firstNeeded === 'from' ? startOf(page) + page.pageSize : -startOf(page);
}
