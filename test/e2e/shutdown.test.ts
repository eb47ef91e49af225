// SIGTERM to the real process, as Kubernetes sends it, while a request is running.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import {
  ask,
  bankingBalances,
  gatewayEnvironment,
  openAccounts,
  wholeBalances,
} from '../faults/gateway.fixture.ts';
import { type Replica, startReplica } from '../redis/redis.fixture.ts';
import { readMetrics } from '../support/metrics.ts';

jest.setTimeout(60_000);

let directory = '';
let sandbox: UqpaySandbox;
let replica: Replica;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gateway-'));
  sandbox = await startUqpaySandbox({ seed: 'empty', rateLimitPerMinute: null });
  const operating = { METRICS_PORT: '0', SHUTDOWN_DELAY_MS: '1000' };
  replica = await startReplica({ ...gatewayEnvironment(sandbox), ...operating }, directory);
});

afterEach(async () => {
  replica.process.kill('SIGKILL');
  await sandbox.close();
  rmSync(directory, { recursive: true });
});

/** The operators' address that the process prints. */
async function operatorOrigin(): Promise<string> {
  while (!replica.stderr().includes('"started"')) await delay(5);
  return Object(JSON.parse(replica.stderr().split('\n', 1)[0] ?? '')).operatorOrigin;
}

async function stateOf(origin: string): Promise<[number, unknown]> {
  const response = await fetch(new URL('/readyz', origin));
  return [response.status, Object(await response.json()).state];
}

test('/readyz turns 503 first, the running request is answered, and the process ends with 0', async () => {
  const apart = await operatorOrigin();
  expect(await stateOf(apart)).toEqual([200, 'ready']);
  const [id = ''] = openAccounts(sandbox.control, 1);
  sandbox.control.inject({ match: { path: '/v1/balances.*' }, kind: 'slow', ms: 2_500 });
  const answer = ask(replica.url, bankingBalances(id));
  while (sandbox.control.calls().length < 2) await delay(5);

  const ended = once(replica.process, 'close');
  replica.process.kill('SIGTERM');
  while ((await stateOf(replica.url))[0] === 200) await delay(5);
  expect(await stateOf(replica.url)).toEqual([503, 'draining']);
  expect((await ask(replica.url, '{ __typename }')).data).toEqual({ __typename: 'Query' });

  expect(await answer).toMatchObject({ data: wholeBalances(0), errors: [] });
  expect((await ended)[0]).toBe(0);
  await expect(fetch(apart)).rejects.toThrow();
});

test('METRICS_PORT keeps answering while the last request is running', async () => {
  const apart = await operatorOrigin();
  const [id = ''] = openAccounts(sandbox.control, 1);
  sandbox.control.inject({ match: { path: '/v1/balances.*' }, kind: 'slow', ms: 3_000 });
  const answer = ask(replica.url, bankingBalances(id));
  while (sandbox.control.calls().length < 2) await delay(5);
  replica.process.kill('SIGTERM');
  for (let isRefused = false; !isRefused; await delay(20)) {
    isRefused = await stateOf(replica.url).then(
      () => false,
      () => true,
    );
  }
  expect(await stateOf(apart)).toEqual([503, 'draining']);
  expect((await readMetrics(apart)).sum('http_requests_in_flight')).toBe(1);
  expect((await answer).errors).toEqual([]);
});
