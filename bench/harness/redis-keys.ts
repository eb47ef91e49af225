import { Redis } from 'ioredis';

/** Deletes the keys with this prefix, so that a run leaves nothing behind in the Redis. */
export async function deleteKeys(redisUrl: string, keyPrefix: string): Promise<void> {
  const redis = new Redis(redisUrl);
  for await (const names of redis.scanStream({ match: `${keyPrefix}*` })) {
    if (names.length > 0) await redis.del(...names);
  }
  redis.disconnect();
}
