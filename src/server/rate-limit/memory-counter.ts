import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RequestCounter } from '../../ports/request-counter.ts';

/** Keys that are counted at the same time; what was not counted for longest is forgotten first. */
export const countedKeysMax = 10_000;

const minuteSeconds = 60;

/** Counts in this process. Its memory is bounded however many keys callers make up. */
export function createMemoryCounter(): RequestCounter {
  // The judge of the figure is whoever asked for it, so the library has no maximum of its own.
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
