/** What was made of windows that are over, with what proves that it still holds. */
export interface ClosedWindows<Value> {
  /** What was kept under the same proof; null when nothing was, or nothing can be proven. */
  find(key: string, proof: string | null): Value | null;
  /** Whether anything was kept under a key, whatever its proof. */
  has(key: string): boolean;
  /** Keeps a value of about `size` entries, if there is a proof for it. */
  keep(key: string, proof: string | null, value: Value, size: number): void;
}

/** Keeps values of `sizeMax` entries together, those that were not asked for longest going first. */
export function createClosedWindows<Value>(sizeMax = 200_000): ClosedWindows<Value> {
  const kept = new Map<string, { readonly proof: string; readonly value: Value; readonly size: number }>();
  let sizeKept = 0;

  function drop(key: string): void {
    sizeKept -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  }

  return {
    find(key, proof) {
      const entry = kept.get(key);
      if (entry === undefined || entry.proof !== proof) return null;
      kept.delete(key);
      kept.set(key, entry);
      return entry.value;
    },
    has: (key) => kept.has(key),
    keep(key, proof, value, size) {
      drop(key);
      if (proof === null || size > sizeMax) return;
      // The proof and the key take room too: about a page of identifiers.
      const entry = { proof, value, size: size + Math.ceil((key.length + proof.length) / 100) };
      kept.set(key, entry);
      sizeKept += entry.size;
      for (const oldest of kept.keys()) {
        if (sizeKept <= sizeMax) break;
        drop(oldest);
      }
    },
  };
}
