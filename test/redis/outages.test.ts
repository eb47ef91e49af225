// Three gateways that lose Redis in every possible way: counted at the provider, they stay within its limit, request
// few tokens, and answer every request.
import { afterEach, expect } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { systemClock as clock } from '../../src/upstream/index.ts';
import { ask, bankingBalances, gatewayEnvironment, openAccounts } from '../faults/gateway.fixture.ts';
import { openTestRedis } from './redis.fixture.ts';
import {
  freePort,
  killRedisProcesses,
  redisProcessTest,
  startRedisProcess,
  startSentinels,
} from './redis-process.fixture.ts';

/** Long outages run nightly (OUTAGES=all). */
const longTest: typeof redisProcessTest = process.env.OUTAGES === 'all' ? redisProcessTest : () => {};
const callsPerMinute = 150;
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await killRedisProcesses();
});

async function startReplicas(
  redisUrl: string,
  env: Record<string, string> = {},
  tokenLifetimeSeconds = 1_800,
) {
  const sandbox: UqpaySandbox = await startUqpaySandbox({
    seed: 'empty',
    rateLimitPerMinute: null,
    tokenLifetimeSeconds,
  });
  closers.push(() => sandbox.close());
  const config = loadConfig({
    ...gatewayEnvironment(sandbox),
    REDIS_URL: redisUrl,
    UQPAY_RATE_LIMIT_PER_MINUTE: String(callsPerMinute),
    BALANCE_MAX_AGE_SECONDS: '1',
    ...env,
  });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const gateways: RunningGateway[] = [];
  for (let index = 0; index < 3; index += 1) {
    const gateway = await startGateway(config, { logger });
    closers.push(() => gateway.close());
    gateways.push(gateway);
  }
  const accountIds = openAccounts(sandbox.control, 6);
  const { control } = sandbox;
  return {
    control,
    /** Queries every gateway for every account repeatedly; returns the share of complete answers. */
    async poll(durationMs: number): Promise<number> {
      const endMs = Date.now() + durationMs;
      let answers = 0;
      let complete = 0;
      const viewers = gateways.flatMap(({ url }) => accountIds.map((id) => ({ url, id })));
      await Promise.all(
        viewers.map(async ({ url, id }) => {
          while (Date.now() < endMs) {
            const { data, errors } = await ask(url, bankingBalances(id));
            answers += 1;
            if (errors.length === 0 && JSON.stringify(data).includes('amount')) complete += 1;
            await clock.sleep(250);
          }
        }),
      );
      return complete / answers;
    },
    /** All calls at the provider, including refused ones; a whole test takes less than a minute. */
    dataCalls: () => control.calls().filter(({ path }) => path !== '/v1/connect/token').length,
  };
}

longTest('Redis away at start', async () => {
  const replicas = await startReplicas(`redis://127.0.0.1:${await freePort()}`);
  expect(await replicas.poll(11_000)).toBeGreaterThanOrEqual(0.99);
  expect(replicas.dataCalls()).toBeLessThanOrEqual(callsPerMinute);
  expect(replicas.control.mintCount()).toBeLessThanOrEqual(3 + 2);
});

longTest('a wrong password', async () => {
  const redis = await startRedisProcess(['--requirepass', 'right']);
  const replicas = await startReplicas(`redis://:wrong@127.0.0.1:${redis.port}`, { REPLICAS: '3' });
  expect(await replicas.poll(11_000)).toBeGreaterThanOrEqual(0.99);
  expect(replicas.dataCalls()).toBeLessThanOrEqual(callsPerMinute);
  expect(replicas.control.mintCount()).toBeLessThanOrEqual(3 + 2);
});

longTest('Redis away over a renewal of the token, and back', async () => {
  const redis = await startRedisProcess();
  const replicas = await startReplicas(redis.url, {}, 8);
  expect(await replicas.poll(3_000)).toBe(1);
  expect(replicas.control.mintCount()).toBe(1);
  await redis.kill();
  expect(await replicas.poll(10_000)).toBeGreaterThanOrEqual(0.99);
  await startRedisProcess([], redis.port);
  expect(await replicas.poll(6_000)).toBeGreaterThanOrEqual(0.99);
  expect(replicas.dataCalls()).toBeLessThanOrEqual(callsPerMinute);
  expect(replicas.control.mintCount()).toBeLessThanOrEqual(1 + 3 + 2);
});

longTest('Redis away for a while under twice the demand', async () => {
  const redis = await startRedisProcess();
  const replicas = await startReplicas(redis.url, { UQPAY_RATE_LIMIT_PER_MINUTE: '60' });
  expect(await replicas.poll(3_000)).toBe(1);
  expect(replicas.control.mintCount()).toBe(1);
  redis.pause();
  expect(await replicas.poll(7_000)).toBeGreaterThanOrEqual(0.99);
  redis.continue();
  expect(await replicas.poll(3_000)).toBeGreaterThanOrEqual(0.99);
  expect(replicas.dataCalls()).toBeLessThanOrEqual(60);
  expect(replicas.control.mintCount()).toBe(1);
});

longTest('Redis failing over', async () => {
  const { primary, url } = await startSentinels();
  const replicas = await startReplicas(url);
  expect(await replicas.poll(3_000)).toBe(1);
  primary.pause();
  expect(await replicas.poll(6_000)).toBeGreaterThanOrEqual(0.99);
  expect(replicas.dataCalls()).toBeLessThanOrEqual(callsPerMinute);
  expect(replicas.control.mintCount()).toBe(1);
  primary.continue();
});

redisProcessTest('Redis full', async () => {
  const redis = await startRedisProcess(['--maxmemory', '1']);
  const replicas = await startReplicas(redis.url);
  expect(await replicas.poll(6_000)).toBeGreaterThanOrEqual(0.99);
  expect(replicas.dataCalls()).toBeLessThanOrEqual(callsPerMinute);
  expect(replicas.control.mintCount()).toBeLessThanOrEqual(3 + 2);
});

for (const delayMs of [300, 1_200]) {
  longTest(`Redis ${delayMs} ms slow`, async () => {
    const testRedis = await openTestRedis();
    closers.push(() => testRedis.close());
    testRedis.slow(delayMs);
    const replicas = await startReplicas(testRedis.url);
    expect(await replicas.poll(6_000)).toBeGreaterThanOrEqual(0.99);
    expect(replicas.dataCalls()).toBeLessThanOrEqual(callsPerMinute);
    expect(replicas.control.mintCount()).toBe(1);
  });
}
