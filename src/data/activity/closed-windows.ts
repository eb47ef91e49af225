import { LRUCache } from 'lru-cache';

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
  const kept = new LRUCache<string, { readonly proof: string; readonly value: Value }>({ maxSize: sizeMax });
  return {
    find(key, proof) {
      const entry = kept.get(key);
      return entry === undefined || entry.proof !== proof ? null : entry.value;
    },
    has: (key) => kept.has(key),
    keep(key, proof, value, size) {
      if (proof === null) kept.delete(key);
      // The proof and the key take room too: about a page of identifiers.
      else kept.set(key, { proof, value }, { size: size + Math.ceil((key.length + proof.length) / 100) });
    },
  };
}
