/** What is known about where transaction lists end, when their replies count no pages. */
export interface ListEnds {
  /** Whether a first page, shorter than was asked for, is the whole list. Null when only the next page can tell. */
  isWhole(assetAccountId: string, rowCount: number, lastRowId: string): boolean | null;
  /** No page followed the one that ended with this row. */
  ended(assetAccountId: string, lastRowId: string): void;
  /** Another page followed one of `rowCount` rows: Ibanera gives no longer ones. */
  continued(rowCount: number): void;
  /** A reply counted more pages than one: what `numberOfPages` says of one page can be believed. */
  counted(): void;
  readonly countsPages: boolean;
}

/** Lists whose oldest row is remembered; one that is forgotten costs a call. */
const listCountMax = 1_000;

/**
 * The largest page is documented nowhere, nor that a reply says so when it gives less than was asked for
 * (reference section 3). What is remembered holds whatever Ibanera changes: a list's oldest row stays its oldest.
 */
export function createListEnds(): ListEnds {
  let pageLimit: number | null = null;
  let countsPages = false;
  const oldestRowIds = new Map<string, string>();
  return {
    isWhole(assetAccountId, rowCount, lastRowId) {
      if (oldestRowIds.get(assetAccountId) === lastRowId) return true;
      return rowCount === pageLimit ? false : null;
    },
    ended(assetAccountId, lastRowId) {
      oldestRowIds.delete(assetAccountId);
      const [longestAgo] = oldestRowIds.keys();
      if (oldestRowIds.size >= listCountMax && longestAgo !== undefined) oldestRowIds.delete(longestAgo);
      oldestRowIds.set(assetAccountId, lastRowId);
    },
    continued(rowCount) {
      pageLimit = rowCount;
    },
    counted() {
      countsPages = true;
    },
    get countsPages() {
      return countsPages;
    },
  };
}
