/** Entries of many callers, taken in turn: each caller's oldest, one caller after the other. */
export interface FairQueue<Entry> {
  readonly size: number;
  /** Entries of one caller. */
  sizeOf(callerId: string): number;
  add(callerId: string, entry: Entry): void;
  /** Adds an entry before the caller's others. */
  addFirst(callerId: string, entry: Entry): void;
  /** Takes the entry whose turn it is; a caller whose oldest may not be taken now is passed over. */
  take(mayBeTaken?: (callerId: string, entry: Entry) => boolean): Entry | undefined;
  /** Removes one entry wherever it stands. */
  remove(callerId: string, entry: Entry): void;
  /** Every entry, in no particular order. */
  entries(): readonly Entry[];
}

/** A round-robin over callers. A caller's place in the round is that of its first entry. */
export function createFairQueue<Entry>(): FairQueue<Entry> {
  const lines = new Map<string, Entry[]>();
  let size = 0;

  function lineOf(callerId: string): Entry[] {
    const known = lines.get(callerId);
    if (known !== undefined) return known;
    const line: Entry[] = [];
    lines.set(callerId, line);
    return line;
  }

  return {
    get size() {
      return size;
    },
    sizeOf: (callerId) => lines.get(callerId)?.length ?? 0,
    add(callerId, entry) {
      lineOf(callerId).push(entry);
      size += 1;
    },
    addFirst(callerId, entry) {
      lineOf(callerId).unshift(entry);
      size += 1;
    },
    take(mayBeTaken = () => true) {
      for (const [callerId, line] of lines) {
        const [entry] = line;
        if (entry === undefined || !mayBeTaken(callerId, entry)) continue;
        line.shift();
        // To the back of the round.
        lines.delete(callerId);
        if (line.length > 0) lines.set(callerId, line);
        size -= 1;
        return entry;
      }
      return undefined;
    },
    remove(callerId, entry) {
      const line = lines.get(callerId);
      const index = line?.indexOf(entry) ?? -1;
      if (line === undefined || index < 0) return;
      line.splice(index, 1);
      if (line.length === 0) lines.delete(callerId);
      size -= 1;
    },
    entries: () => [...lines.values()].flat(),
  };
}
