import * as z from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { CachedRead, SharedReadCache } from '../index.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { acquireLock, type HeldLock } from './lock.ts';
import type { RedisClient } from './redis-client.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisReadCacheOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly keysOf: (credential: string) => EncryptionKeys;
}

/** Increase it with every change to the values of reads, so that replicas of two versions do not read each other's. */
const shapeVersion = 1;
const cachedRead = z.object({ value: z.unknown(), asOfMs: z.number(), change: z.string().optional() });

/** Larger values are neither stored nor read, so that no replica waits for or holds a huge value of another replica. */
const encryptedCharactersMax = 4_194_304;

/** Expiry of a lease: how long a replica that dies during a read can block the others. */
const leaseMs = 4_000;
const pollMs = 20;

/**
 * The reads of all replicas in Redis. Names are keyed digests and values are encrypted, with keys from the credential.
 */
export function createRedisReadCache({ link, clock, keysOf }: RedisReadCacheOptions): SharedReadCache {
  const nameOf = (credential: string, key: string) =>
    `read:${shapeVersion}:${keysOf(credential).nameOf(key)}`;

  function parse(credential: string, name: string, encrypted: string | null): CachedRead | null {
    const text = encrypted === null ? null : keysOf(credential).decrypt(name, encrypted);
    if (text === null) return null;
    const { value, asOfMs, change } = cachedRead.parse(JSON.parse(text));
    return { value, asOfMs, ...(change !== undefined && { change }) };
  }

  async function readBounded(redis: RedisClient, name: string): Promise<string | null> {
    // One character more than allowed shows that the value is too large.
    const encrypted = await redis.getrange(name, 0, encryptedCharactersMax);
    return encrypted === '' || encrypted.length > encryptedCharactersMax ? null : encrypted;
  }

  function get(credential: string, key: string): Promise<CachedRead | null> {
    const name = nameOf(credential, key);
    return link.run(
      async (redis) => parse(credential, name, await readBounded(redis, name)),
      () => null,
    );
  }

  return {
    get,
    async set(credential, key, read, keepMs) {
      const name = nameOf(credential, key);
      const encrypted = keysOf(credential).encrypt(name, JSON.stringify(read));
      if (encrypted.length > encryptedCharactersMax) return;
      await link.run(
        async (redis) => {
          await redis.set(name, encrypted, 'PX', keepMs);
        },
        () => {},
      );
    },
    async acquireLease(credential, key, find, untilMs) {
      const name = nameOf(credential, key);
      while (clock.now() < untilMs) {
        const lock = await link.run<HeldLock | 'HELD_ELSEWHERE' | 'UNAVAILABLE'>(
          async (redis) => (await acquireLock(redis, name, leaseMs, leaseMs)) ?? 'HELD_ELSEWHERE',
          () => 'UNAVAILABLE',
        );
        if (lock === 'UNAVAILABLE') break;
        const release = async () => {
          if (lock !== 'HELD_ELSEWHERE')
            await link.run(
              (redis) => lock.release(redis),
              () => {},
            );
        };
        // Read after taking the lock: the previous holder has cached its read by then.
        const read = await find();
        if (read !== null) {
          await release();
          return read;
        }
        if (lock !== 'HELD_ELSEWHERE') return release;
        await clock.sleep(pollMs);
      }
      return async () => {};
    },
  };
}
