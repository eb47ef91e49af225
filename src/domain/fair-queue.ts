/** A queue that is fair between callers: round-robin over callers, first in first out for each of them. */
export interface FairQueue<Entry> {
  readonly size: number;
  /** Number of entries of one caller. */
  sizeOf(callerId: string): number;
  add(callerId: string, entry: Entry): void;
  /** Adds an entry in front of the caller's others. */
  addFirst(callerId: string, entry: Entry): void;
  /** Removes and returns the next entry; skips callers whose oldest entry `mayBeTaken` rejects. */
  take(mayBeTaken?: (callerId: string, entry: Entry) => boolean): Entry | undefined;
  /** Removes an entry, if it is in the queue. */
  remove(callerId: string, entry: Entry): void;
  /** Every entry, in no particular order. */
  entries(): readonly Entry[];
}

/** A caller joins the end of the round with its first entry, and again each time one of its entries is taken. */
export function createFairQueue<Entry>(): FairQueue<Entry> {
  const byCaller = new Map<string, Entry[]>();
  let size = 0;

  function entriesOf(callerId: string): Entry[] {
    const known = byCaller.get(callerId);
    if (known !== undefined) return known;
    const own: Entry[] = [];
    byCaller.set(callerId, own);
    return own;
  }

  return {
    get size() {
      return size;
    },
    sizeOf: (callerId) => byCaller.get(callerId)?.length ?? 0,
    add(callerId, entry) {
      entriesOf(callerId).push(entry);
      size += 1;
    },
    addFirst(callerId, entry) {
      entriesOf(callerId).unshift(entry);
      size += 1;
    },
    take(mayBeTaken = () => true) {
      for (const [callerId, own] of byCaller) {
        const [entry] = own;
        if (entry === undefined || !mayBeTaken(callerId, entry)) continue;
        own.shift();
        // Deleted and set again, to move the caller to the end of the round.
        byCaller.delete(callerId);
        if (own.length > 0) byCaller.set(callerId, own);
        size -= 1;
        return entry;
      }
      return undefined;
    },
    remove(callerId, entry) {
      const own = byCaller.get(callerId);
      const index = own?.indexOf(entry) ?? -1;
      if (own === undefined || index < 0) return;
      own.splice(index, 1);
      if (own.length === 0) byCaller.delete(callerId);
      size -= 1;
    },
    entries: () => [...byCaller.values()].flat(),
  };
}
