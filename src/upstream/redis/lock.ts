import { randomUUID } from 'node:crypto';
import { type RedisClient, sharedPart } from './redis-client.ts';

/** A lock that this process holds until it releases it or the lock expires. */
export interface HeldLock {
  /** Fencing token: grows with every lock taken under this name, so a later holder has a larger one. */
  readonly fence: number;
  /** Resets the lock's expiry, if this process still holds it. */
  extend(redis: RedisClient): Promise<void>;
  release(redis: RedisClient): Promise<void>;
}

const acquireScript = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
local fence = redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return fence`;

const extendScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** The key that stores the last fence of the lock `name`. */
export function fenceName(name: string): string {
  return `${name}:fence`;
}

/**
 * Takes the lock `name` for `holdMs`; null when another process holds it. Fences keep growing as long as each lock is
 * taken within `fenceMs` of the one before.
 */
export async function acquireLock(
  redis: RedisClient,
  name: string,
  holdMs: number,
  fenceMs: number,
): Promise<HeldLock | null> {
  const owner = randomUUID();
  const part = sharedPart(redis, name);
  const lockKey = `${part}:lock`;
  const fence = Number(await redis.eval(acquireScript, 2, lockKey, fenceName(part), owner, holdMs, fenceMs));
  if (fence === 0) return null;
  return {
    fence,
    async extend(using) {
      await using.eval(extendScript, 1, lockKey, owner, holdMs);
    },
    async release(using) {
      await using.eval(releaseScript, 1, lockKey, owner);
    },
  };
}
