import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RequestCounter } from '../../ports/request-counter.ts';

/** Keys that are counted at the same time; the least recently counted is evicted. */
export const countedKeysMax = 10_000;

const minuteSeconds = 60;

/** Counts in this process, in bounded memory however many keys callers invent. */
export function createMemoryCounter(): RequestCounter {
  // Callers of `count` check the limit, so the library gets no maximum.
  const limiter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: minuteSeconds });
  const counted = new LRUCache<string, true>({
    max: countedKeysMax,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key);
    },
  });
  return {
    async count(key) {
      counted.set(key, true);
      const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
      return { count: consumedPoints, endsInMs: msBeforeNext };
    },
  };
}
