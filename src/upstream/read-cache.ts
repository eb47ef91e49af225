import { LRUCache } from 'lru-cache';
import type { CacheReport } from '../ports/upstream-report.ts';

/** A read as it is remembered. */
export interface CachedRead {
  /** Plain data; nobody changes it. */
  readonly value: unknown;
  /** When the provider was asked, epoch milliseconds. */
  readonly asOfMs: number;
}

/** Remembered reads of this process, by read key. */
export interface ReadCache {
  get(key: string): CachedRead | null;
  /** Keeps a read unless a newer one of the same key is there. */
  set(key: string, read: CachedRead): void;
  report(): CacheReport;
}

/** Remembered reads of several processes, kept apart by credential. Never rejects; knows nothing while it is away. */
export interface SharedReadCache {
  get(credential: string, key: string): Promise<CachedRead | null>;
  /** Keeps a read for `keepMs`. */
  set(credential: string, key: string, read: CachedRead, keepMs: number): Promise<void>;
  /**
   * Waits for this process's turn to read `key` from the provider. Answers the release of the turn; or, when
   * another process has put down a read made at `newerThanMs` or later, that read. Goes on without a turn at
   * `untilMs`.
   */
  acquireLease(
    credential: string,
    key: string,
    newerThanMs: number,
    untilMs: number,
  ): Promise<CachedRead | (() => Promise<void>)>;
}

/** What an entry costs beside its texts: objects, list links, table slots. A guess on the high side. */
const entryBytes = 512;
/** JSON text takes less room than the objects it stands for; measured on lists of 100 rows a quarter to a third. */
const bytesPerCharacter = 4;

/** A memory that forgets what was not used for longest once its entries take more than `bytesMax`. */
export function createReadCache(bytesMax: number): ReadCache {
  const reads = new LRUCache<string, CachedRead>({
    maxSize: bytesMax,
    sizeCalculation: ({ value }, key) => entryBytes + 2 * key.length + bytesPerCharacter * jsonLength(value),
  });
  return {
    get: (key) => reads.get(key) ?? null,
    report: () => ({ reads: reads.size, bytes: reads.calculatedSize }),
    set(key, read) {
      // A read that took long may arrive after one that was begun later.
      const known = reads.peek(key);
      if (known === undefined || known.asOfMs <= read.asOfMs) reads.set(key, read);
    },
  };
}

/**
 * About how many characters plain data takes as JSON. Added up without writing it: that took as long as parsing the
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
