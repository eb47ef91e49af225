// Foreign or far too large values in Redis are ignored, at little cost; and tokens stay readable by release 0.1.0.
import { afterEach, beforeEach, expect } from '@jest/globals';
import { systemClock as clock, createTokenIssuer } from '../../src/upstream/index.ts';
import { createKeyRing } from '../../src/upstream/redis/encryption-keys.ts';
import { createRedisReadCache } from '../../src/upstream/redis/read-cache.ts';
import { openRedisLink, type RedisLink } from '../../src/upstream/redis/redis-link.ts';
import { createRedisTokenBackOffs } from '../../src/upstream/redis/token-back-offs.ts';
import { createRedisTokenStore } from '../../src/upstream/redis/token-store.ts';
import { openTestRedis, redisIsThere, redisTest } from './redis.fixture.ts';

let testRedis: Awaited<ReturnType<typeof openTestRedis>>;
let link: RedisLink;
let warnings: string[];
const keysOf = createKeyRing();

beforeEach(async () => {
  if (!redisIsThere) return;
  warnings = [];
  const warn = (_details: object, message: string) => void warnings.push(message);
  testRedis = await openTestRedis();
  link = await openRedisLink({
    server: testRedis.server,
    clock,
    log: { info: () => {}, warn },
    timeoutMs: 10_000,
  });
});
afterEach(async () => {
  if (!redisIsThere) return;
  link.close();
  await testRedis.close();
});

const huge = 'A'.repeat(12_000_000);
const planted = [
  ['garbage', 'garbage'],
  ['12 MB', huge],
] as const;

for (const [name, value] of planted) {
  redisTest(`a cached read of ${name} is ignored, and the next read replaces it`, async () => {
    const memory = createRedisReadCache({ link, clock, keysOf });
    const read = { value: 'x', asOfMs: 1 };
    await testRedis.redis.set(`${testRedis.prefix}read:1:${keysOf('c').nameOf('key')}`, value);
    expect(await memory.get('c', 'key')).toBeNull();
    await memory.set('c', 'key', read, 60_000);
    expect([await memory.get('c', 'key'), warnings]).toEqual([read, []]);
  });

  redisTest(`a back-off of ${name} is ignored`, async () => {
    const backOffs = createRedisTokenBackOffs({ link, clock, keysOf });
    await testRedis.redis.set(`${testRedis.prefix}rest:${keysOf('c').nameOf('rest')}`, value);
    expect([await backOffs.get('c'), warnings]).toEqual([null, []]);
  });

  redisTest(`a token of ${name} is ignored: a new one is requested, and found by others`, async () => {
    const issueToken = createTokenIssuer({
      clock,
      backOffs: createRedisTokenBackOffs({ link, clock, keysOf }),
    });
    const openTokenStore = () => createRedisTokenStore({ link, clock, keysOf, issueToken });
    await testRedis.redis.hset(`${testRedis.prefix}token:${keysOf('c').nameOf('token')}`, {
      token: value,
      fence: '0',
    });
    expect(await openTokenStore().get('c')).toBeNull();
    const token = { text: 't1', issuedAtMs: Date.now(), expiresAtMs: Date.now() + 600_000 };
    expect(await openTokenStore().replace('c', null, async () => token)).toEqual(token);
    expect([await openTokenStore().get('c'), warnings]).toEqual([token, []]);
  });
}

redisTest("replicas of 0.1.0 and of this version read each other's tokens", async () => {
  const openTokenStore = () =>
    createRedisTokenStore({ link, clock, keysOf, issueToken: createTokenIssuer({ clock }) });
  const name = `token:${keysOf('c').nameOf('token')}`;
  const expiresAtMs = Date.now() + 600_000;
  const old = keysOf('c').encrypt(name, JSON.stringify({ text: 'old', mintedAtMs: 1, expiresAtMs }));
  await testRedis.redis.hset(`${testRedis.prefix}${name}`, { token: old, fence: '0' });
  const token = { text: 'old', issuedAtMs: 1, expiresAtMs };
  expect(await openTokenStore().get('c')).toEqual(token);
  await openTokenStore().replace('c', token, async () => ({ text: 'new', issuedAtMs: 2, expiresAtMs }));
  const stored = (await testRedis.redis.hget(`${testRedis.prefix}${name}`, 'token')) ?? '';
  expect(JSON.parse(keysOf('c').decrypt(name, stored) ?? '')).toEqual({
    text: 'new',
    mintedAtMs: 2,
    expiresAtMs,
  });
});

redisTest('a read that is too large is not stored', async () => {
  const memory = createRedisReadCache({ link, clock, keysOf });
  await memory.set('c', 'key', { value: huge, asOfMs: 1 }, 60_000);
  expect([await memory.get('c', 'key'), warnings]).toEqual([null, []]);
});
