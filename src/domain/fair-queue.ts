/** Entries of many callers, taken in turn: each caller's oldest, one caller after the other. */
export interface FairQueue<Entry> {
  readonly size: number;
  add(callerId: string, entry: Entry): void;
  /** Takes the entry whose turn it is. */
  take(): Entry | undefined;
  /** Removes one entry wherever it stands. */
  remove(callerId: string, entry: Entry): void;
  /** Every entry, in no particular order. */
  entries(): readonly Entry[];
}

/** A round-robin over callers. A caller's place in the round is that of its first entry. */
export function createFairQueue<Entry>(): FairQueue<Entry> {
  const lines = new Map<string, Entry[]>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(callerId, entry) {
      const line = lines.get(callerId);
      if (line === undefined) lines.set(callerId, [entry]);
      else line.push(entry);
      size += 1;
    },
    take() {
      const next = lines.entries().next();
      if (next.done === true) return undefined;
      const [callerId, line] = next.value;
      const entry = line.shift();
      // To the back of the round.
      lines.delete(callerId);
      if (line.length > 0) lines.set(callerId, line);
      size -= 1;
      return entry;
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
