// Replicas report their presence in Redis, and the present ones leave room for the missing ones.
import { afterEach, beforeEach, expect } from '@jest/globals';
import { systemClock as clock } from '../../src/upstream/index.ts';
import { createRedisCallWindow } from '../../src/upstream/redis/call-window.ts';
import { openRedisLink, type RedisLink } from '../../src/upstream/redis/redis-link.ts';
import { createReplicaPresence, type ReplicaPresence } from '../../src/upstream/redis/replica-presence.ts';
import { openTestRedis, redisIsThere, redisTest } from './redis.fixture.ts';

let testRedis: Awaited<ReturnType<typeof openTestRedis>>;
let links: RedisLink[] = [];

beforeEach(async () => {
  if (redisIsThere) testRedis = await openTestRedis();
});
afterEach(async () => {
  for (const link of links) link.close();
  links = [];
  await testRedis?.close();
});

async function join(
  replica: string,
  replicas: number | null = null,
): Promise<ReplicaPresence & { link: RedisLink }> {
  const presence = createReplicaPresence({ name: 'replicas', replica, replicas });
  const log = { info() {}, warn() {} };
  const link = await openRedisLink({ server: testRedis.server, clock, log, heartbeat: presence });
  links.push(link);
  await new Promise<void>((resolve) => link.onBeat(resolve));
  return { ...presence, link };
}

redisTest('a replica that is heard of is not missing, and one that says goodbye is forgotten', async () => {
  const first = await join('a', 1);
  const second = await join('b', 1);
  expect([second.size(), second.missing()]).toEqual([2, 0]);
  first.link.close();
  while (second.size() > 1) await clock.sleep(20);
  expect(second.missing()).toBe(0);
});

redisTest('a replica that is no longer heard of is missing, and its share is left to it', async () => {
  const presence = await join('a');
  await testRedis.redis.zadd(`${testRedis.prefix}replicas`, Date.now() - 60_000, 'b');
  while (presence.missing() === 0) await clock.sleep(20);
  expect(presence.size()).toBe(4);
  const rate = { callsPerMinute: 40, burst: 40 };
  const window = createRedisCallWindow({ link: presence.link, clock, name: 'w', rate, presence });
  const slots = await Promise.all(Array.from({ length: 50 }, () => window.take(true)));
  expect(slots.filter((slot) => 'ticket' in slot)).toHaveLength(30);
});

redisTest('if fewer than REPLICAS are present, they leave the share of one unknown replica', async () => {
  const presence = await join('a', 5);
  expect([presence.size(), presence.missing()]).toEqual([5, 1]);
});

redisTest('several slots come with one request, within the burst', async () => {
  const presence = await join('a', 1);
  const rate = { callsPerMinute: 20, burst: 12 };
  const window = createRedisCallWindow({ link: presence.link, clock, name: 'w', rate, presence });
  const slot = await window.take(false, 30);
  expect(slot).toHaveProperty('further.length', 11);
  expect(await window.take(false, 30)).toMatchObject({ because: 'SPREAD' });
  expect(window.left()).toBe(8);
});
