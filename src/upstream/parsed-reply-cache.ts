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

/** A key whose last reply differed from the one before. */
interface Changed {
  readonly text: null;
  readonly checksum: number;
}

/** Size of an entry besides its key and reply text. A guess on the high side. */
const entryBytes = 256;
/** Size per character of reply text, including the parsed value. */
const bytesPerCharacter = 5;

/**
 * Caches, by key, the parsed value of replies that were the same twice in a row. Of other replies it keeps only a
 * checksum, so that replies that always change leave nothing for the garbage collector. Two replies are the same when
 * every character is. Evicts the least recently used entries above `bytesMax`.
 */
export function createParsedReplyCache(bytesMax: number): ParsedReplyCache {
  const known = new LRUCache<string, Repeated | Changed>({
    maxSize: bytesMax,
    sizeCalculation: ({ text }, key) =>
      entryBytes + 2 * key.length + (text === null ? 0 : bytesPerCharacter * text.length),
  });
  return {
    read<T>(key: string, reply: HttpReply, parse: () => T): T {
      const last = known.get(key);
      if (last !== undefined && last.text !== null && isSame(last, reply)) return last.value as T;
      const value = parse();
      const { text, headers } = reply;
      const checksum = crc32(text);
      const isRepeated = last?.text === null && last.checksum === checksum;
      known.set(
        key,
        isRepeated ? { text, contentType: headers['content-type'], value } : { text: null, checksum },
      );
      return value;
    },
  };
}

function isSame({ text, contentType }: Repeated, reply: HttpReply): boolean {
  return text === reply.text && contentType === reply.headers['content-type'];
}
