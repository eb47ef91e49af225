import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { HttpReply } from '../ports/http.ts';
import type { ParsedReplyCache } from '../ports/parsed-reply-cache.ts';

/** A reply that came twice in a row, and what was made of it. */
interface Repeated {
  readonly text: string;
  readonly contentType: string | undefined;
  readonly value: unknown;
}

/** A key whose last replies were not the same. */
interface Changing {
  readonly text: null;
  /** Of the reply that was looked at last. */
  checksum: number;
  /** Replies looked at that were not the one before. */
  changeCount: number;
  /** Replies that are still passed over. */
  passedOver: number;
}

/** What a key costs beside its text and its reply. A guess on the high side. */
const entryBytes = 256;
/** A reply's text, and what is made of it. */
const bytesPerCharacter = 5;
/** After so many changes in a row replies are passed over: looking at each took 2 to 3 % of an answer. */
const changesMax = 4;
const passedOverMax = 12;

/**
 * Keeps what was made of replies that were the same twice in a row, by key; of others their checksum, so that replies
 * which change each time leave nothing behind for the garbage collector to carry along. Of a key whose replies keep
 * changing most are not looked at. A reply counts as the same when every character of it is. Forgets what was not used
 * for longest above `bytesMax`.
 */
export function createParsedReplyCache(bytesMax: number): ParsedReplyCache {
  const known = new LRUCache<string, Repeated | Changing>({
    maxSize: bytesMax,
    sizeCalculation: ({ text }, key) =>
      entryBytes + 2 * key.length + (text === null ? 0 : bytesPerCharacter * text.length),
  });

  function look(key: string, last: Changing | null, reply: HttpReply, value: unknown): void {
    const checksum = crc32(reply.text);
    if (last === null) {
      known.set(key, { text: null, checksum, changeCount: 0, passedOver: 0 });
    } else if (last.checksum === checksum) {
      known.set(key, { text: reply.text, contentType: reply.headers['content-type'], value });
    } else {
      last.checksum = checksum;
      last.changeCount += 1;
      if (last.changeCount < changesMax) return;
      last.passedOver = passedOverMax;
      // Two in a row are looked at then: the first can be like none that was looked at before.
      last.changeCount -= 2;
    }
  }

  return {
    read<T>(key: string, reply: HttpReply, make: () => T): T {
      const entry = known.get(key) ?? null;
      if (entry !== null && entry.text !== null && isSame(entry, reply)) return entry.value as T;
      const value = make();
      const last = entry?.text === null ? entry : null;
      if (last !== null && last.passedOver > 0) last.passedOver -= 1;
      else look(key, last, reply, value);
      return value;
    },
  };
}

function isSame({ text, contentType }: Repeated, reply: HttpReply): boolean {
  return text === reply.text && contentType === reply.headers['content-type'];
}
