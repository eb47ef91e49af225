// Redis slow, full, unreachable or refusing access: the metrics and /readyz show it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { readMetrics } from '../support/metrics.ts';
import { openTestRedis, redisIsThere, redisTest } from './redis.fixture.ts';

jest.setTimeout(30_000);

const opened: (() => Promise<unknown> | unknown)[] = [];
const silent = { debug() {}, info() {}, warn() {}, error() {} };

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function open(redisUrl: string) {
  const env = { PORT: '0', REDIS_URL: redisUrl, BALANCE_MAX_AGE_SECONDS: '0' };
  const gateway: RunningGateway = await startGateway(loadConfig(env), { logger: silent });
  opened.push(() => gateway.close());
  const { origin } = new URL(gateway.url);
  return {
    async ask() {
      const query = '{ balances(filter: { ledgers: [BANKING] }) { totalCount } }';
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect(await response.json()).not.toHaveProperty('errors');
    },
    metrics: () => readMetrics(origin),
    async redisState(): Promise<unknown> {
      const response = await fetch(`${origin}/readyz`);
      expect(response.status).toBe(200);
      return Object(await response.json()).redis;
    },
  };
}

async function openRedis() {
  const testRedis = await openTestRedis();
  opened.push(() => testRedis.close());
  return testRedis;
}

/** A new Redis process; null if redis-server is not installed. */
async function startRedis(...settings: string[]): Promise<string | null> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  const options = ['--bind', '127.0.0.1', '--save', '', '--port', String(port), ...settings];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const isThere = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.stdout.on('data', (line) => String(line).includes('Ready to accept') && resolve(true));
    child.once('exit', () => resolve(false));
  });
  if (!isThere) return null;
  opened.push(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return `redis://127.0.0.1:${port}`;
}

redisTest('a working Redis is up, its commands are timed, and no trouble is counted', async () => {
  const { ask, metrics, redisState } = await open((await openRedis()).url);
  await ask();
  const { sum } = await metrics();
  expect(sum('redis_up')).toBe(1);
  expect(sum('redis_command_duration_seconds_count')).toBeGreaterThan(0);
  expect(sum('redis_troubles_total')).toBeNull();
  expect(sum('redis_skipped_total')).toBe(0);
  expect(await redisState()).toEqual({ state: 'USED' });
});

for (const [act, trouble] of [
  ['cut', 'GONE'],
  ['block', 'SLOW'],
] as const) {
  redisTest(`${act}: Redis is down with the trouble ${trouble}; afterwards it is up again`, async () => {
    const testRedis = await openRedis();
    const { ask, metrics, redisState } = await open(testRedis.url);
    await ask();
    testRedis[act]();
    await ask();
    const away = await metrics();
    expect(away.sum('redis_up')).toBe(0);
    expect(away.sum('redis_troubles_total', { trouble })).toBeGreaterThan(0);
    expect(await redisState()).toEqual({ state: 'AWAY' });
    testRedis.mend();
    while ((await metrics()).sum('redis_up') !== 1) {
      await ask();
      await delay(50);
    }
    expect(await redisState()).toEqual({ state: 'USED' });
  });
}

const troublesOfItsOwn = [
  ['full', 'FULL', ['--maxmemory', '1']],
  ['password-protected', 'REFUSED', ['--requirepass', 'a password that we do not have']],
] as const;

for (const [what, trouble, settings] of troublesOfItsOwn) {
  test(`a Redis that is ${what}: responses continue, and the trouble is ${trouble}`, async () => {
    const url = await startRedis(...settings);
    if (url === null) {
      // Skipped if there is a Redis but no program to start one, as next to a container.
      expect(process.env.CI === 'true' && !redisIsThere).toBe(false);
      return;
    }
    const { ask, metrics } = await open(url);
    await ask();
    const { sum, text } = await metrics();
    expect(sum('redis_up')).toBe(0);
    expect(sum('redis_troubles_total', { trouble })).toBeGreaterThan(0);
    expect(text).not.toContain(new URL(url).host);
  });
}
