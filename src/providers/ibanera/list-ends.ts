/** What is known about where transaction lists end, for replies that do not count pages. */
export interface ListEnds {
  /** Whether a first page that is shorter than requested is the whole list; null if only the next page can show it. */
  isWhole(assetAccountId: string, rowCount: number, lastRowId: string): boolean | null;
  /** No page followed the one that ended with this row. */
  ended(assetAccountId: string, lastRowId: string): void;
  /** Another page followed one of `rowCount` rows: Ibanera returns no longer pages. */
  continued(rowCount: number): void;
  /** A reply counted more than one page: a `numberOfPages` of 1 can then be believed. */
  counted(): void;
  readonly countsPages: boolean;
}

/** Lists whose oldest row is cached; a list that is not cached costs a call. */
const listCountMax = 1_000;

/**
 * It is documented neither how large a page may be, nor that a reply says so when it returns fewer rows than requested
 * (reference section 3). What is cached stays true whatever Ibanera changes: a list's oldest row remains its oldest.
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
