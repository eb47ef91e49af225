/** A page to request, and the index (from 0) of its first row in the list. */
export interface PageChoice {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly firstRowIndex: number;
}

/** The page sizes that a list accepts. */
export interface PageSizes {
  readonly pageSizeMin: number;
  readonly pageSizeMax: number;
}

/**
 * The page that best covers the end of a list of about `rowCount` rows: its last `need` rows, with room on
 * both sides for rows added or removed since the count. Only page sizes that do not divide the count evenly
 * leave that room, so the size is searched for, not fixed.
 */
export function aimAtTail(rowCount: number, need: number, sizes: PageSizes): PageChoice {
  let best: PageChoice | null = null;
  let bestScore = -1;
  for (let pageSize = sizes.pageSizeMax; pageSize >= sizes.pageSizeMin; pageSize--) {
    const pageNumber = Math.max(1, Math.ceil(rowCount / pageSize));
    const firstRowIndex = (pageNumber - 1) * pageSize;
    const tail = rowCount - firstRowIndex;
    const room = pageSize - tail;
    // Rows before the needed ones matter most (they show where a second begins), then room for new rows.
    const score = Math.min(tail, need) * 10_000 + Math.min(tail - need, 40) * 10 + Math.min(room, 5);
    if (score > bestScore) {
      best = { pageNumber, pageSize, firstRowIndex };
      bestScore = score;
    }
    if (pageNumber === 1) break;
  }
  return best as PageChoice;
}

/**
 * The page that reaches furthest beyond row `endRowIndex` (exclusive end of the known rows) and still starts
 * with `overlap` known rows.
 */
export function chooseOverlappingPage(endRowIndex: number, overlap: number, sizes: PageSizes): PageChoice {
  let best: PageChoice | null = null;
  const lowest = Math.max(sizes.pageSizeMin, Math.ceil(sizes.pageSizeMax / 2));
  for (let pageSize = sizes.pageSizeMax; pageSize >= lowest; pageSize--) {
    const pageNumber = Math.floor(Math.max(0, endRowIndex - overlap) / pageSize) + 1;
    const firstRowIndex = (pageNumber - 1) * pageSize;
    const reach = firstRowIndex + pageSize;
    if (best === null || reach > best.firstRowIndex + best.pageSize) {
      best = { pageNumber, pageSize, firstRowIndex };
    }
  }
  return best as PageChoice;
}
