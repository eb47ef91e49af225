// Values in Redis that none of us put there, or that are far too large: they are nothing, and cost nothing to look at.
import { afterEach, beforeEach, expect } from '@jest/globals';
import { systemClock as clock, createTokenIssuer } from '../../src/upstream/index.ts';
import { createKeyRing } from '../../src/upstream/redis/encryption-keys.ts';
import { createRedisReadCache } from '../../src/upstream/redis/read-cache.ts';
import { openRedisLink, type RedisLink } from '../../src/upstream/redis/redis-link.ts';
import { createRedisTokenBackOffs } from '../../src/upstream/redis/token-back-offs.ts';
import { createRedisTokenStore } from '../../src/upstream/redis/token-store.ts';
import { openRedisCorner, redisIsThere, redisTest } from './fleet.fixture.ts';

let corner: Awaited<ReturnType<typeof openRedisCorner>>;
let link: RedisLink;
let warnings: string[];
const keysOf = createKeyRing();

beforeEach(async () => {
  if (!redisIsThere) return;
  warnings = [];
  const warn = (_details: object, message: string) => void warnings.push(message);
  corner = await openRedisCorner();
  link = await openRedisLink({ url: corner.url, clock, log: { info: () => {}, warn }, timeoutMs: 10_000 });
});
afterEach(async () => {
  if (!redisIsThere) return;
  link.close();
  await corner.close();
});

const huge = 'A'.repeat(12_000_000);
const planted = [
  ['garbage', 'garbage'],
  ['12 MB', huge],
] as const;

for (const [name, value] of planted) {
  redisTest(`a remembered read of ${name} is none, and is put right by the next`, async () => {
    const memory = createRedisReadCache({ link, clock, keysOf });
    const read = { value: 'x', asOfMs: 1 };
    await corner.redis.set(`${corner.prefix}read:1:${keysOf('c').nameOf('key')}`, value);
    expect(await memory.get('c', 'key')).toBeNull();
    await memory.set('c', 'key', read, 60_000);
    expect([await memory.get('c', 'key'), warnings]).toEqual([read, []]);
  });

  redisTest(`a rest of ${name} is none`, async () => {
    const backOffs = createRedisTokenBackOffs({ link, clock, keysOf });
    await corner.redis.set(`${corner.prefix}rest:${keysOf('c').nameOf('rest')}`, value);
    expect([await backOffs.get('c'), warnings]).toEqual([null, []]);
  });

  redisTest(`a token of ${name} is none: one is minted, and found by others`, async () => {
    const issueToken = createTokenIssuer({
      clock,
      backOffs: createRedisTokenBackOffs({ link, clock, keysOf }),
    });
    const openTokenStore = () => createRedisTokenStore({ link, clock, keysOf, issueToken });
    await corner.redis.hset(`${corner.prefix}token:${keysOf('c').nameOf('token')}`, {
      token: value,
      fence: '0',
    });
    expect(await openTokenStore().get('c')).toBeNull();
    const token = { text: 't1', mintedAtMs: Date.now(), expiresAtMs: Date.now() + 600_000 };
    expect(await openTokenStore().replace('c', null, async () => token)).toEqual(token);
    expect([await openTokenStore().get('c'), warnings]).toEqual([token, []]);
  });
}

redisTest('a read too large for others is not put there', async () => {
  const memory = createRedisReadCache({ link, clock, keysOf });
  await memory.set('c', 'key', { value: huge, asOfMs: 1 }, 60_000);
  expect([await memory.get('c', 'key'), warnings]).toEqual([null, []]);
});
