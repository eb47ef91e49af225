import { createHash } from 'node:crypto';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Counted, RequestCounter } from '../../ports/request-counter.ts';
import type { RedisClient } from './redis-client.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisCounterOptions {
  readonly link: RedisLink;
  /** Used while Redis is unavailable: each replica then counts its own requests only. */
  readonly own: RequestCounter;
}

const minuteSeconds = 60;

/** Counts requests for all replicas. Keys expire in Redis when their minute is over. */
export function createRedisCounter({ link, own }: RedisCounterOptions): RequestCounter {
  let limiter: RateLimiterRedis | null = null;
  const limiterOn = (redis: RedisClient): RateLimiterRedis => {
    limiter ??= new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: 'counted',
      points: Number.MAX_SAFE_INTEGER,
      duration: minuteSeconds,
    });
    return limiter;
  };
  return {
    count: (key) =>
      link.run<Counted>(
        async (redis) => {
          const { consumedPoints, msBeforeNext } = await limiterOn(redis).penalty(nameOf(key));
          return { count: consumedPoints, endsInMs: msBeforeNext };
        },
        () => own.count(key),
      ),
  };
}

/** Hashed, so that Redis holds no caller names or addresses, and all names have the same length. */
function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
