import type { PageCursor, PageCursors } from './page.ts';
import type { Jump } from './transaction-cursor.ts';

/** Pages that a numbered pager shows around the current one, including it. */
const aroundMax = 5;

/** The position of the current page in its list. */
export interface PagerState {
  /** Index (from 0) of the page's first row in the window. */
  readonly firstRowIndex: number;
  readonly rowCount: number;
  readonly pageSize: number;
  readonly rowsOnPage: number;
  /** Cursor for `after` whose page begins `jump` away from a row (index from 0) of this page. */
  readonly cursorAt: (rowIndex: number, jump: Jump) => string;
}

/**
 * Cursors for a pager over pages of `pageSize` rows. Each counts from the nearest row of the current page (or
 * from the end of the window), so rows added or removed elsewhere do not move the page it opens.
 */
export function toPageCursors(state: PagerState): PageCursors {
  const { firstRowIndex, rowCount, pageSize } = state;
  const pageCount = Math.max(1, Math.ceil(rowCount / pageSize));
  const here = Math.min(Math.floor(firstRowIndex / pageSize) + 1, pageCount);
  const isAligned = firstRowIndex === (here - 1) * pageSize;

  const pageAt = (page: number): PageCursor => ({
    cursor: cursorOfPage(state, page, pageCount),
    page,
    isCurrent: page === here && isAligned,
  });
  const lowest = Math.max(1, Math.min(here - 2, pageCount - aroundMax + 1));
  const highest = Math.min(pageCount, lowest + aroundMax - 1);
  const around = Array.from({ length: highest - lowest + 1 }, (_, offset) => pageAt(lowest + offset));
  return {
    first: lowest > 1 ? pageAt(1) : null,
    previous: here > 1 ? pageAt(here - 1) : null,
    around,
    last: highest < pageCount ? pageAt(pageCount) : null,
  };
}

function cursorOfPage(state: PagerState, page: number, pageCount: number): string {
  if (page === 1) return '';
  const rowIndex = (page - 1) * state.pageSize;
  const rows = rowIndex - state.firstRowIndex;
  const isFar = Math.abs(rows) > aroundMax * state.pageSize;
  if (page === pageCount && isFar) return state.cursorAt(0, { rows: state.rowCount - rowIndex, from: 'end' });
  if (rows < 0) return state.cursorAt(0, { rows, from: 'row' });
  if (rows < state.rowsOnPage) return state.cursorAt(rows, { rows: 0, from: 'row' });
  return state.cursorAt(state.rowsOnPage - 1, { rows: rows - state.rowsOnPage, from: 'after' });
}
