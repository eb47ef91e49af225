import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Counted, RequestCounter } from '../../ports/request-counter.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisCounterOptions {
  readonly link: RedisLink;
  /** Counts while Redis cannot be used: each replica then knows of its own requests only. */
  readonly own: RequestCounter;
}

const minuteSeconds = 60;

/** Counts what a whole fleet is asked. Redis forgets a key when its minute is over. */
export function createRedisCounter({ link, own }: RedisCounterOptions): RequestCounter {
  let limiter: RateLimiterRedis | null = null;
  const limiterOn = (redis: Redis): RateLimiterRedis => {
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

/** Names of callers and addresses do not lie about in Redis, and no name is longer than another. */
function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
