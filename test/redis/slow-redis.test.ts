// A Redis that replies late, as on a busy machine: the replicas keep their token, and none requests another.
import { afterEach, beforeEach, describe, expect, jest } from '@jest/globals';
import type { AccessToken } from '../../src/ports/token-store.ts';
import { systemClock as clock, createTokenIssuer } from '../../src/upstream/index.ts';
import { createRedisCallWindow } from '../../src/upstream/redis/call-window.ts';
import { createKeyRing } from '../../src/upstream/redis/encryption-keys.ts';
import { createRedisReadCache } from '../../src/upstream/redis/read-cache.ts';
import { openRedisLink, type RedisLink } from '../../src/upstream/redis/redis-link.ts';
import { createRedisTokenStore } from '../../src/upstream/redis/token-store.ts';
import { openTestRedis, redisIsThere, redisTest } from './redis.fixture.ts';

jest.setTimeout(60_000);

let testRedis: Awaited<ReturnType<typeof openTestRedis>>;
let links: RedisLink[] = [];
let issuedCount = 0;

beforeEach(async () => {
  issuedCount = 0;
  if (redisIsThere) testRedis = await openTestRedis();
});
afterEach(async () => {
  for (const link of links) link.close();
  links = [];
  await testRedis?.close();
});

async function openLink(timeoutMs = 1_000): Promise<RedisLink> {
  const link = await openRedisLink({
    server: testRedis.server,
    clock,
    log: { info() {}, warn() {} },
    timeoutMs,
  });
  links.push(link);
  return link;
}

const keysOf = createKeyRing();
const aTokenStore = async () =>
  createRedisTokenStore({ link: await openLink(), clock, keysOf, issueToken: createTokenIssuer({ clock }) });

async function issue(): Promise<AccessToken> {
  issuedCount += 1;
  return { text: `t${issuedCount}`, issuedAtMs: Date.now(), expiresAtMs: Date.now() + 600_000 };
}

/** Longer delays run nightly (OUTAGES=all). */
for (const delayMs of process.env.OUTAGES === 'all' ? [400, 2_000] : [400]) {
  describe(`replies after ${delayMs} ms`, () => {
    redisTest('a replica without a token uses that of the others', async () => {
      const [one, other] = await Promise.all([aTokenStore(), aTokenStore()]);
      const token = await one.replace('c', null, issue);
      testRedis.slow(delayMs);
      expect(await other.replace('c', null, issue)).toEqual(token);
      expect(issuedCount).toBe(1);
    });

    redisTest('a replica that starts late uses that of the others', async () => {
      const token = await (await aTokenStore()).replace('c', null, issue);
      testRedis.slow(delayMs);
      const late = await aTokenStore();
      expect(await late.replace('c', null, issue)).toEqual(token);
      expect(issuedCount).toBe(1);
    });

    redisTest('replicas that need their first token at the same time request one', async () => {
      const tokenStores = await Promise.all([aTokenStore(), aTokenStore(), aTokenStore()]);
      testRedis.slow(delayMs);
      const tokens = await Promise.all(tokenStores.map((tokenStore) => tokenStore.replace('c', null, issue)));
      expect(new Set(tokens.map(({ text }) => text))).toEqual(new Set(['t1']));
      expect(issuedCount).toBe(1);
    });

    redisTest('reads that gave up on Redis do not make the token store give up', async () => {
      const token = await (await aTokenStore()).replace('c', null, issue);
      const link = await openLink(250);
      const memory = createRedisReadCache({ link, clock, keysOf });
      const tokenStore = createRedisTokenStore({
        link,
        clock,
        keysOf,
        issueToken: createTokenIssuer({ clock }),
      });
      await memory.set('c', 'key', { value: 'read', asOfMs: Date.now() }, 60_000);
      testRedis.slow(delayMs);
      expect(await memory.get('c', 'key')).toBeNull();
      expect(link.report()).toEqual({ isUsed: false });
      expect(await tokenStore.replace('c', null, issue)).toEqual(token);
      expect(issuedCount).toBe(1);
    });
  });
}

redisTest('slots are shared while Redis replies within two seconds', async () => {
  const rate = { callsPerMinute: 6, burst: 6 };
  const presence = { size: () => 2, missing: () => 0 };
  const windows = await Promise.all(
    [0, 1].map(async () =>
      createRedisCallWindow({ link: await openLink(), clock, name: 'w', rate, presence }),
    ),
  );
  testRedis.slow(1_200);
  const slots = await Promise.all(
    windows.flatMap((window) => Array.from({ length: 6 }, () => window.take(true))),
  );
  expect(slots.filter((slot) => 'ticket' in slot)).toHaveLength(6);
});

redisTest('a pause of 500 ms sends no replica off alone', async () => {
  const link = await openLink();
  const memory = createRedisReadCache({ link, clock, keysOf });
  await memory.set('c', 'key', { value: 'read', asOfMs: 1 }, 60_000);
  testRedis.slow(500);
  expect(await memory.get('c', 'key')).toEqual({ value: 'read', asOfMs: 1 });
  testRedis.slow(0);
  expect(await memory.get('c', 'key')).toEqual({ value: 'read', asOfMs: 1 });
  expect(link.report()).toEqual({ isUsed: true });
});

redisTest('a Redis that was silent is used again as soon as it answers quickly', async () => {
  const link = await openLink(250);
  const memory = createRedisReadCache({ link, clock, keysOf });
  await memory.set('c', 'key', { value: 'read', asOfMs: 1 }, 60_000);
  testRedis.slow(800);
  expect(await memory.get('c', 'key')).toBeNull();
  testRedis.slow(0);
  while (!link.report().isUsed) await clock.sleep(10);
  expect(await memory.get('c', 'key')).toEqual({ value: 'read', asOfMs: 1 });
});

redisTest('waits for a connection that returns in time before it requests a token', async () => {
  const [one, other] = await Promise.all([aTokenStore(), aTokenStore()]);
  const token = await one.replace('c', null, issue);
  testRedis.cut();
  const replaced = other.replace('c', null, issue);
  await clock.sleep(500);
  testRedis.mend();
  expect(await replaced).toEqual(token);
  expect(issuedCount).toBe(1);
});

for (const trouble of ['cut', 'block'] as const) {
  // Slow, so it runs nightly.
  (process.env.OUTAGES === 'all' ? redisTest : () => {})(
    `${trouble} permanently: a process without a token eventually requests its own`,
    async () => {
      const [one, other] = await Promise.all([aTokenStore(), aTokenStore()]);
      await one.replace('c', null, issue);
      testRedis[trouble]();
      expect((await other.replace('c', null, issue)).text).toBe('t2');
      expect((await one.get('c'))?.text).toBe('t1');
      // After that, not every caller waits for Redis again.
      expect((await other.replace('c', { ...(await issue()), text: 't2' }, issue)).text).toBe('t4');
    },
  );
}
