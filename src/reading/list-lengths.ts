/** How many pages lists were last seen to have: decides between a list and single look-ups before the first call. */
export interface ListLengths {
  /** Null when the list was not seen yet. */
  pageCountOf(listKey: string): number | null;
  note(listKey: string, pageCount: number): void;
}

/** Remembers the `listCountMax` lists noted last. A wrong memory costs a call, never a wrong answer. */
export function createListLengths(listCountMax = 10_000): ListLengths {
  const pageCounts = new Map<string, number>();
  return {
    pageCountOf: (listKey) => pageCounts.get(listKey) ?? null,
    note(listKey, pageCount) {
      pageCounts.delete(listKey);
      pageCounts.set(listKey, pageCount);
      if (pageCounts.size > listCountMax) {
        for (const oldest of pageCounts.keys()) {
          pageCounts.delete(oldest);
          break;
        }
      }
    },
  };
}
