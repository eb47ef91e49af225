import { LRUCache } from 'lru-cache';
import type { Caller } from '../domain/caller.ts';
import type {
  CacheableRequest,
  CachedReadCheck,
  CachedResponse,
  ResponseBasis,
  ResponseCache,
} from '../ports/response-cache.ts';

export interface ResponseCacheOptions {
  readonly cachedReads: CachedReadCheck;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Bytes of requests and answers together. */
  readonly bytesMax: number;
}

interface Entry {
  readonly answer: CachedResponse;
  readonly basis: ResponseBasis;
  /** Time of the oldest read behind it, in epoch milliseconds. */
  readonly oldestMs: number;
}

/** A longer request is not cached, nor an answer that takes a larger share of the bytes. */
const bodyLengthMax = 16_384;
const answerShareMax = 1 / 16;
/** More reads than this take as long to check as the answer takes to make. */
const readsMax = 200;
/** Estimated size of an entry besides its texts, on the high side. */
const entryBytes = 2_048;

/**
 * Caches answers by request and caller. A cached answer is sent only while each read behind it is still the one in the
 * read cache: it is then identical to a new answer, except for its age, which is recalculated.
 */
export function createResponseCache({ cachedReads, now, bytesMax }: ResponseCacheOptions): ResponseCache {
  const answers = new LRUCache<string, Entry>({
    maxSize: bytesMax,
    maxEntrySize: Math.floor(bytesMax * answerShareMax),
    sizeCalculation: ({ answer }, key) => entryBytes + 2 * (key.length + answer.body.length),
  });
  const textOf = createCallerTexts();

  function keyOf({ caller, contentType, body }: CacheableRequest): string {
    // Both parts before the body are JSON, so nothing a caller sends can be taken for another part.
    return textOf(caller) + JSON.stringify(contentType) + body;
  }

  return {
    find(request) {
      if (request.body.length > bodyLengthMax) return null;
      const key = keyOf(request);
      const entry = answers.get(key);
      if (entry === undefined) return null;
      if (!entry.basis.reads.every((read) => cachedReads.isCurrent(read))) {
        answers.delete(key);
        return null;
      }
      const { status, headers, body, operation } = entry.answer;
      const age = String(Math.max(0, Math.floor((now() - entry.oldestMs) / 1_000)));
      return { status, headers: { ...headers, age }, body, operation };
    },
    keep(request, answer, basis) {
      const { reads } = basis;
      if (request.body.length > bodyLengthMax || reads.length > readsMax) return;
      if (!reads.every((read) => cachedReads.isCurrent(read))) return;
      const oldestMs = Math.min(...reads.map(({ asOfMs }) => asOfMs));
      answers.set(keyOf(request), { answer, basis, oldestMs });
    },
  };
}

/** Returns the same text for callers with the same rights; usually the same object is passed again. */
function createCallerTexts(): (caller: Caller) => string {
  const texts = new WeakMap<Caller, string>();
  return (caller) => {
    const known = texts.get(caller);
    if (known !== undefined) return known;
    const text = JSON.stringify([caller.subject, caller.scopes, caller.grants]);
    texts.set(caller, text);
    return text;
  };
}
