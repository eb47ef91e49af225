import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Remembered, SharedMemory } from '../index.ts';
import type { VaultKeys } from './encryption-keys.ts';
import { acquireLock, type HeldLock } from './lock.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisMemoryOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly keysOf: (credential: string) => VaultKeys;
}

/** To be raised with every change to what reads give: replicas of two versions must not read each other's. */
const shapeVersion = 1;
const remembered = z.object({ value: z.unknown(), asOfMs: z.number() });

/** Larger ones are neither put there nor taken from there: nobody waits for, or holds, what somebody else made huge. */
const sealedCharactersMax = 4_194_304;

/** A replica that dies while it reads keeps the others waiting no longer than this. */
const turnMs = 4_000;
const pollMs = 20;

/** Remembered reads of a fleet, in Redis: names are digests, values sealed, both with keys from the credential. */
export function createRedisMemory({ link, clock, keysOf }: RedisMemoryOptions): SharedMemory {
  const nameOf = (credential: string, key: string) =>
    `read:${shapeVersion}:${keysOf(credential).nameOf(key)}`;

  function parse(credential: string, name: string, sealed: string | null): Remembered | null {
    const text = sealed === null ? null : keysOf(credential).open(name, sealed);
    if (text === null) return null;
    const { value, asOfMs } = remembered.parse(JSON.parse(text));
    return { value, asOfMs };
  }

  async function readBounded(redis: Redis, name: string): Promise<string | null> {
    // One character more tells what is too large.
    const sealed = await redis.getrange(name, 0, sealedCharactersMax);
    return sealed === '' || sealed.length > sealedCharactersMax ? null : sealed;
  }

  function get(credential: string, key: string): Promise<Remembered | null> {
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
      const sealed = keysOf(credential).seal(name, JSON.stringify(read));
      if (sealed.length > sealedCharactersMax) return;
      await link.run(
        async (redis) => {
          await redis.set(name, sealed, 'PX', keepMs);
        },
        () => {},
      );
    },
    async takeTurn(credential, key, newerThanMs, untilMs) {
      const name = nameOf(credential, key);
      while (clock.now() < untilMs) {
        const lock = await link.run<HeldLock | 'TAKEN' | 'AWAY'>(
          async (redis) => (await acquireLock(redis, name, turnMs, turnMs)) ?? 'TAKEN',
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
