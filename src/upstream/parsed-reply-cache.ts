import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { HttpReply } from '../ports/http.ts';
import type { ParsedReplyCache } from '../ports/parsed-reply-cache.ts';

/** A reply that came twice in a row, and its parsed value. */
interface Repeated {
  readonly text: string;
  readonly contentType: string | undefined;
  readonly value: unknown;
}

/** A key whose last replies differed. */
interface Changing {
  readonly text: null;
  /** Checksum of the last reply that was compared. */
  checksum: number;
  /** How many compared replies differed from the one before. */
  changeCount: number;
  /** How many replies are still to be skipped. */
  skipsLeft: number;
}

/** Size of an entry besides its key and reply text. A guess on the high side. */
const entryBytes = 256;
/** Size per character of reply text, including the parsed value. */
const bytesPerCharacter = 5;
/** After this many changes most replies are skipped: comparing each took 2 to 3 % of the time of a response. */
const changesMax = 4;
const skippedAfterChanges = 12;

/**
 * Caches, by key, the parsed value of replies that were the same twice in a row. Of other replies it keeps only a
 * checksum, so that replies that always change leave nothing for the garbage collector. For keys whose replies keep
 * changing, it does not compare most replies at all. Two replies are the same when every character is. Evicts the least
 * recently used entries above `bytesMax`.
 */
export function createParsedReplyCache(bytesMax: number): ParsedReplyCache {
  const known = new LRUCache<string, Repeated | Changing>({
    maxSize: bytesMax,
    sizeCalculation: ({ text }, key) =>
      entryBytes + 2 * key.length + (text === null ? 0 : bytesPerCharacter * text.length),
  });

  function compare(key: string, last: Changing | null, reply: HttpReply, value: unknown): void {
    const checksum = crc32(reply.text);
    if (last === null) {
      known.set(key, { text: null, checksum, changeCount: 0, skipsLeft: 0 });
    } else if (last.checksum === checksum) {
      known.set(key, { text: reply.text, contentType: reply.headers['content-type'], value });
    } else {
      last.checksum = checksum;
      last.changeCount += 1;
      if (last.changeCount < changesMax) return;
      last.skipsLeft = skippedAfterChanges;
      // After the skipped replies two in a row are compared, because the first of them has none before it to equal.
      last.changeCount -= 2;
    }
  }

  return {
    read<T>(key: string, reply: HttpReply, parse: () => T): T {
      const entry = known.get(key) ?? null;
      if (entry !== null && entry.text !== null && isSame(entry, reply)) return entry.value as T;
      const value = parse();
      const last = entry?.text === null ? entry : null;
      if (last !== null && last.skipsLeft > 0) last.skipsLeft -= 1;
      else compare(key, last, reply, value);
      return value;
    },
  };
}

function isSame({ text, contentType }: Repeated, reply: HttpReply): boolean {
  return text === reply.text && contentType === reply.headers['content-type'];
}
