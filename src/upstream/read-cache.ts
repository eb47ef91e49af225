import { LRUCache } from 'lru-cache';
import type { CacheReport } from '../ports/upstream-report.ts';

/** A cached read. */
export interface CachedRead {
  /** Plain data; must not be changed. */
  readonly value: unknown;
  /** When the provider was asked, epoch milliseconds. */
  readonly asOfMs: number;
  /** The provider's latest change that had been announced when it was asked; absent if that is not known. */
  readonly change?: string;
}

/** Cached reads of this process, by read key. */
export interface ReadCache {
  get(key: string): CachedRead | null;
  /** The same, without counting as a use. */
  peek(key: string): CachedRead | null;
  /** Caches a read unless there is a newer one for the key. */
  set(key: string, read: CachedRead): void;
  report(): CacheReport;
}

/**
 * Reads cached for all replicas, separately for each credential. Never rejects; finds nothing while Redis is
 * unavailable.
 */
export interface SharedReadCache {
  get(credential: string, key: string): Promise<CachedRead | null>;
  /** Caches a read for `keepMs`. */
  set(credential: string, key: string, read: CachedRead, keepMs: number): Promise<void>;
  /**
   * Waits for the lease to read `key` from the provider. Resolves with the function that releases the lease; or with the
   * read of another process, once `find` finds one. At `untilMs` it resolves without a lease.
   */
  acquireLease(
    credential: string,
    key: string,
    find: () => Promise<CachedRead | null>,
    untilMs: number,
  ): Promise<CachedRead | (() => Promise<void>)>;
}

/** Size of an entry besides its texts: objects, list links, table slots. A guess on the high side. */
const entryBytes = 512;
/** JSON text is smaller than the objects it describes: a quarter to a third, measured on lists of 100 rows. */
const bytesPerCharacter = 4;

/** A cache that evicts the least recently used reads above `bytesMax`. */
export function createReadCache(bytesMax: number): ReadCache {
  const reads = new LRUCache<string, CachedRead>({
    maxSize: bytesMax,
    sizeCalculation: ({ value }, key) => entryBytes + 2 * key.length + bytesPerCharacter * jsonLength(value),
  });
  return {
    get: (key) => reads.get(key) ?? null,
    peek: (key) => reads.peek(key) ?? null,
    report: () => ({ reads: reads.size, bytes: reads.calculatedSize }),
    set(key, read) {
      // A slow read may end after one that began later.
      const known = reads.peek(key);
      if (known === undefined || known.asOfMs <= read.asOfMs) reads.set(key, read);
    },
  };
}

/**
 * Estimates how many characters plain data takes as JSON, without writing the JSON: that took as long as parsing the
 * reply.
 */
function jsonLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 5;
  let length = 2;
  if (Array.isArray(value)) for (const item of value) length += jsonLength(item) + 1;
  else for (const name in value) length += name.length + 4 + jsonLength(Reflect.get(value, name));
  return length;
}
