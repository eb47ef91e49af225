import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { CachedRead, SharedReadCache } from '../index.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { acquireLock, type HeldLock } from './lock.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisReadCacheOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly keysOf: (credential: string) => EncryptionKeys;
}

/** To be raised with every change to what reads give: replicas of two versions must not read each other's. */
const shapeVersion = 1;
const cachedRead = z.object({ value: z.unknown(), asOfMs: z.number() });

/** Larger ones are neither put there nor taken from there: nobody waits for, or holds, what somebody else made huge. */
const sealedCharactersMax = 4_194_304;

/** A replica that dies while it reads keeps the others waiting no longer than this. */
const leaseMs = 4_000;
const pollMs = 20;

/** Remembered reads of a fleet, in Redis: names are digests, values sealed, both with keys from the credential. */
export function createRedisReadCache({ link, clock, keysOf }: RedisReadCacheOptions): SharedReadCache {
  const nameOf = (credential: string, key: string) =>
    `read:${shapeVersion}:${keysOf(credential).nameOf(key)}`;

  function parse(credential: string, name: string, encrypted: string | null): CachedRead | null {
    const text = encrypted === null ? null : keysOf(credential).decrypt(name, encrypted);
    if (text === null) return null;
    const { value, asOfMs } = cachedRead.parse(JSON.parse(text));
    return { value, asOfMs };
  }

  async function readBounded(redis: Redis, name: string): Promise<string | null> {
    // One character more tells what is too large.
    const encrypted = await redis.getrange(name, 0, sealedCharactersMax);
    return encrypted === '' || encrypted.length > sealedCharactersMax ? null : encrypted;
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
      if (encrypted.length > sealedCharactersMax) return;
      await link.run(
        async (redis) => {
          await redis.set(name, encrypted, 'PX', keepMs);
        },
        () => {},
      );
    },
    async acquireLease(credential, key, newerThanMs, untilMs) {
      const name = nameOf(credential, key);
      while (clock.now() < untilMs) {
        const lock = await link.run<HeldLock | 'TAKEN' | 'AWAY'>(
          async (redis) => (await acquireLock(redis, name, leaseMs, leaseMs)) ?? 'TAKEN',
          () => 'AWAY',
        );
        if (lock === 'AWAY') break;
        const release = async () => {
          if (lock !== 'TAKEN')
            await link.run(
              (redis) => lock.release(redis),
              () => {},
            );
        };
        // Looked at after the lock: who had it before has put down what it read.
        const read = await get(credential, key);
        if (read !== null && read.asOfMs >= newerThanMs) {
          await release();
          return read;
        }
        if (lock !== 'TAKEN') return release;
        await clock.sleep(pollMs);
      }
      return async () => {};
    },
  };
}
