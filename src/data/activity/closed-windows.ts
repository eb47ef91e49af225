import { LRUCache } from 'lru-cache';

/** Results for windows that have ended, each with a proof that it is still valid. */
export interface ClosedWindows<Value> {
  /** The value stored with the same proof; null if there is none, or no proof. */
  find(key: string, proof: string | null): Value | null;
  /** Whether a value is stored under a key, whatever its proof. */
  has(key: string): boolean;
  /** Stores a value of about `size` entries, if there is a proof for it. */
  keep(key: string, proof: string | null, value: Value, size: number): void;
}

/** Stores values of `sizeMax` entries in total; the least recently used are evicted first. */
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
      // The proof and the key take space too: about a page of identifiers.
      else kept.set(key, { proof, value }, { size: size + Math.ceil((key.length + proof.length) / 100) });
    },
  };
}
