// Redis as deployed in practice: with a password, another database, TLS, Sentinels or as a Cluster, each in new
// processes. Two replicas share a budget, a token and reads through it.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedisParts, type RedisParts } from '../../src/app/redis-parts.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { systemClock as clock } from '../../src/upstream/index.ts';
import {
  freePort,
  killRedisProcesses,
  type RedisProcess,
  redisProcessTest,
  startRedisProcess,
  startSentinels,
} from './redis-process.fixture.ts';

const closers: (() => unknown)[] = [];
let replicaCount = 0;

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await killRedisProcesses();
});

async function openReplica(url: string, env: Record<string, string> = {}): Promise<RedisParts> {
  const { redis: server } = loadConfig({ REDIS_URL: url, ...env });
  if (server === null) throw new Error('no Redis');
  const log = { info() {}, warn() {} };
  replicaCount += 1;
  const replica = String(replicaCount);
  const parts = await openRedisParts({
    ...{ server, clock, log, replica, credentials: 'c', replicas: 2, staleMaxAgeMs: 60_000 },
  });
  closers.push(() => parts.link.close());
  return parts;
}

/** Two replicas use everything that they share; rejects if one of them does not see the other. */
async function expectShared(url: string, env: Record<string, string> = {}): Promise<RedisParts> {
  const [one, other] = await Promise.all([openReplica(url, env), openReplica(url, env)]);
  await untilUsed(one, other);
  await one.cache.set('c', 'key', { value: 'read', asOfMs: 1 }, 60_000);
  expect(await other.cache.get('c', 'key')).toEqual({ value: 'read', asOfMs: 1 });
  const lease = await one.cache.acquireLease('c', 'other key', async () => null, clock.now() + 1_000);
  if (typeof lease === 'function') await lease();
  const rate = { callsPerMinute: 4, burst: 4 };
  await clock.sleep(1_100);
  const windows = [one, other].map((parts) => parts.openWindow('c', 'w', rate));
  const slots = [];
  for (let turn = 0; turn < 6; turn += 1) slots.push(await windows[turn % 2]?.take(true));
  expect(slots.filter((slot) => slot !== undefined && 'ticket' in slot)).toHaveLength(4);
  let tokenCount = 0;
  const budget = { take: async () => ({ spent() {}, returned() {}, refused() {} }) };
  const stores = [one, other].map((parts) => parts.openTokenStore(() => budget as never));
  for (const store of stores) {
    await store.replace('c', null, async () => {
      tokenCount += 1;
      return { text: `t${tokenCount}`, issuedAtMs: clock.now(), expiresAtMs: clock.now() + 600_000 };
    });
  }
  expect(tokenCount).toBe(1);
  expect([one, other].map(({ link }) => link.report().isUsed)).toEqual([true, true]);
  return one;
}

async function untilUsed(...all: readonly RedisParts[]): Promise<void> {
  while (!all.every(({ link }) => link.report().isUsed)) await clock.sleep(50);
  await Promise.all(all.map(({ link }) => new Promise<void>((resolve) => link.onBeat(resolve))));
}

function openClient(port: number, options: object = {}): Redis {
  const redis = new Redis({ port, host: '127.0.0.1', ...options });
  closers.push(() => redis.disconnect());
  return redis;
}

redisProcessTest(
  'a replica in place of the primary is waited for once, and not by every command',
  async () => {
    const primary = await startRedisProcess();
    const standby = await startRedisProcess(['--replicaof', '127.0.0.1', String(primary.port)]);
    const { link } = await openReplica(standby.url);
    const countTries = async () => {
      let tryCount = 0;
      const write = (redis: { set(key: string, value: string): Promise<unknown> }) => {
        tryCount += 1;
        return redis.set('key', 'value');
      };
      expect(await link.run(write, () => 'without', 'slot')).toBe('without');
      return tryCount;
    };
    await countTries();
    for (let turn = 0; turn < 10; turn += 1) expect(await countTries()).toBeLessThanOrEqual(1);
    await openClient(standby.port).replicaof('no', 'one');
    while (!link.report().isUsed) await clock.sleep(50);
  },
);

redisProcessTest('a user with a password, another database, and a key prefix', async () => {
  const { port } = await startRedisProcess(['--requirepass', 'other']);
  const operator = openClient(port, { db: 3, password: 'other' });
  await operator.acl('SETUSER', 'gateway', 'on', '>p@ss:word', '~balances:*', '+@all');
  await expectShared(`redis://gateway:p%40ss%3Aword@127.0.0.1:${port}/3`, { REDIS_KEY_PREFIX: 'balances:' });
  const names = await operator.keys('*');
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect(name).toMatch(/^balances:/);
});

redisProcessTest('TLS with a private certificate authority', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'redis-tls-'));
  closers.push(() => rmSync(directory, { recursive: true }));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', cert, '-days', '2', '-nodes', '-newkey', 'rsa:2048'];
  expect(spawnSync('openssl', ['req', '-x509', ...files, ...subject]).status).toBe(0);
  const port = await freePort();
  const tls = [
    '--tls-port',
    String(port),
    '--tls-cert-file',
    cert,
    '--tls-key-file',
    key,
    '--tls-ca-cert-file',
    cert,
  ];
  await startRedisProcess([...tls, '--tls-auth-clients', 'no']);
  await expectShared(`rediss://127.0.0.1:${port}`, { REDIS_TLS_CA: cert });
  const without = await openReplica(`rediss://127.0.0.1:${port}`);
  await clock.sleep(500);
  expect(without.link.report().isUsed).toBe(false);
});

redisProcessTest('Sentinels: replicas follow the primary that they choose', async () => {
  const { primary, standby, url } = await startSentinels();
  const client = openClient(standby.port);
  const parts = await expectShared(url);
  primary.pause();
  while (!(await client.info('replication')).includes('role:master')) await clock.sleep(50);
  await clock.sleep(500);
  await untilUsed(parts);
  expect(await parts.cache.get('c', 'key')).toEqual({ value: 'read', asOfMs: 1 });
  primary.continue();
});

redisProcessTest('a primary that has become a replica is left for the new one', async () => {
  const [first, second] = [await startRedisProcess(), await startRedisProcess()];
  let port = first.port;
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  closers.push(() => proxy.close());
  const parts = await openReplica(`redis://127.0.0.1:${Reflect.get(Object(proxy.address()), 'port')}`);
  await untilUsed(parts);
  port = second.port;
  await openClient(first.port).replicaof('127.0.0.1', second.port);
  while ((await openClient(second.port).keys('fleet:*')).length === 0) await clock.sleep(50);
  await untilUsed(parts);
  await parts.cache.set('c', 'key', { value: 'read', asOfMs: 1 }, 60_000);
  expect(await parts.cache.get('c', 'key')).toEqual({ value: 'read', asOfMs: 1 });
});

async function startCluster(): Promise<readonly RedisProcess[]> {
  const nodes = await Promise.all(
    [0, 1, 2].map(() => startRedisProcess(['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'])),
  );
  const clients = nodes.map(({ port }) => openClient(port));
  const [first] = nodes;
  for (const [index, client] of clients.entries()) {
    await client.call(
      'CLUSTER',
      'ADDSLOTSRANGE',
      [0, 5_461, 10_923][index] ?? 0,
      [5_460, 10_922, 16_383][index] ?? 0,
    );
    await client.cluster('MEET', '127.0.0.1', first?.port ?? 0);
  }
  for (const client of clients) {
    while (!String(await client.cluster('INFO')).includes('cluster_state:ok')) await clock.sleep(50);
    while (
      String(await client.cluster('NODES'))
        .split('\n')
        .filter((line) => line.includes('connected')).length < 3
    )
      await clock.sleep(50);
  }
  return nodes;
}

for (const form of ['redis+cluster', 'redis']) {
  redisProcessTest(`a Cluster, as ${form}://`, async () => {
    const nodes = await startCluster();
    await expectShared(`${form}://127.0.0.1:${nodes[1]?.port}`, { REDIS_KEY_PREFIX: 'balances:' });
    const kept = await Promise.all(nodes.map(({ port }) => openClient(port).keys('balances:*')));
    expect(kept.flat().length).toBeGreaterThan(3);
  });
}
