// Request counts shared by replicas, with the real Redis on this machine; two counters stand for two replicas.
import { afterEach, beforeEach, expect } from '@jest/globals';
import { createMemoryCounter } from '../../src/server/rate-limit/index.ts';
import { systemClock as clock } from '../../src/upstream/index.ts';
import { openRedisLink, type RedisLink } from '../../src/upstream/redis/redis-link.ts';
import { createRedisCounter } from '../../src/upstream/redis/request-counter.ts';
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

async function aReplica() {
  const link = await openRedisLink({ server: testRedis.server, clock, log: { info() {}, warn() {} } });
  links.push(link);
  return createRedisCounter({ link, own: createMemoryCounter() });
}

redisTest('replicas count together for each key, and the counts expire in Redis', async () => {
  const [one, other] = await Promise.all([aReplica(), aReplica()]);
  expect(await one.count('caller:alice')).toMatchObject({ count: 1 });
  const { count, endsInMs } = await other.count('caller:alice');
  expect(count).toBe(2);
  expect(endsInMs).toBeGreaterThan(0);
  expect(endsInMs).toBeLessThanOrEqual(60_000);
  expect(await other.count('caller:bob')).toMatchObject({ count: 1 });
  const names = await testRedis.names();
  expect(names).toHaveLength(2);
  for (const name of names) {
    expect(name).not.toMatch(/alice|bob/);
    expect(await testRedis.redis.pttl(name)).toBeGreaterThan(0);
  }
});

redisTest('no request is lost when all count at once', async () => {
  const replicas = await Promise.all([aReplica(), aReplica()]);
  // The first request of each counter loads its script; the counts below must not wait for that on a busy machine.
  for (const replica of replicas) await replica.count('caller:warm');
  const counted = await Promise.all(
    Array.from({ length: 40 }, (_, index) => replicas[index % 2]?.count('caller:alice')),
  );
  expect(counted.map((one) => one?.count).sort((a = 0, b = 0) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
});

redisTest('without Redis each replica counts on its own', async () => {
  const [one, other] = await Promise.all([aReplica(), aReplica()]);
  await one.count('caller:alice');
  testRedis.cut();
  expect(await one.count('caller:alice')).toMatchObject({ count: 1 });
  expect(await one.count('caller:alice')).toMatchObject({ count: 2 });
  expect(await other.count('caller:alice')).toMatchObject({ count: 1 });
});
