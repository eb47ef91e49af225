// What /metrics reports after known traffic, who may read it, and what callers cannot do to it.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { readMetrics } from '../support/metrics.ts';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

jest.setTimeout(30_000);

let door: TestGateway | null = null;

afterEach(async () => {
  await door?.close();
  door = null;
});

async function open(env: Record<string, string> = {}) {
  door = await startTestGateway(env);
  const { origin } = new URL(door.gateway.url);
  return { ...door, origin, metrics: () => readMetrics(door?.gateway.operatorOrigin ?? origin) };
}

const banking = '{ balances(filter: { ledgers: [BANKING] }) { nodes { available { amount } } } }';

describe('operations', () => {
  test('are counted by name, outcome and code, and timed', async () => {
    const { post, metrics } = await open();
    await post({ query: `query Dashboard ${banking}` });
    await post({ query: `query Dashboard ${banking}` });
    await post({ query: banking });
    await post({ query: 'query Broken { nope }' });
    await post({ query: 'query Bad { node(id: "bad") { id } }' });
    const { sum } = await metrics();
    const complete = { outcome: 'COMPLETE', code: 'none' };
    expect(sum('operations_total', { operation: 'Dashboard', ...complete })).toBe(2);
    expect(sum('operations_total', { operation: 'anonymous', ...complete })).toBe(1);
    expect(
      sum('operations_total', { operation: 'none', outcome: 'REFUSED', code: 'GRAPHQL_VALIDATION_FAILED' }),
    ).toBe(1);
    expect(sum('operations_total', { operation: 'Bad', code: 'BAD_USER_INPUT' })).toBe(1);
    expect(sum('operations_total')).toBe(5);
    expect(sum('operation_duration_seconds_count', { operation: 'Dashboard' })).toBe(2);
    expect(sum('http_requests_total', { route: '/graphql', method: 'POST' })).toBe(5);
  });

  test('of a hostile caller do not create new metrics', async () => {
    const { post, origin, metrics } = await open();
    const name = (index: number) => `Hostile${index}`;
    for (let index = 0; index < 150; index += 1) await post({ query: `query ${name(index)} { __typename }` });
    await post({ query: `query ${'L'.repeat(5_000)} { __typename }` });
    for (let index = 0; index < 30; index += 1) {
      await fetch(`${origin}/path${index}`, { method: index % 2 === 0 ? 'PUT' : 'PROPFIND' });
      await post({ query: `query Refused${index} { nope${index} }` });
    }
    const { samples, sum, text } = await metrics();
    const operations = samples.filter(({ name }) => name === 'balances_gateway_operations_total');
    expect(new Set(operations.map(({ labels }) => labels.operation)).size).toBe(102);
    expect(sum('operations_total', { operation: 'other' })).toBe(51);
    expect(sum('operations_total', { operation: 'none' })).toBe(30);
    expect(sum('http_requests_total', { route: 'other', method: 'other', status: '404' })).toBe(30);
    expect(text).not.toMatch(/LLLL|path1|Refused|nope/);
  });

  test('named "constructor" or "__proto__" are names like any other', async () => {
    const { post, metrics } = await open();
    for (const name of ['constructor', 'toString', '__proto__']) {
      await post({ query: `query ${name} { __typename }` });
    }
    const { sum } = await metrics();
    for (const operation of ['constructor', 'toString', '__proto__']) {
      expect(sum('operations_total', { operation })).toBe(1);
    }
  });
});

describe('the connection to a provider', () => {
  test('calls, origins of reads, budget, circuits and the token are reported, but nothing about accounts', async () => {
    const { post, metrics, sandbox } = await open();
    const [account] = sandbox.control.accounts();
    await post({ query: banking });
    await post({ query: banking });
    await post({ query: `${banking} #` });
    await post({ query: '{ accounts(first: 3) { nodes { id } } }' });
    const { sum, text } = await metrics();
    const dataCalls = sandbox.control.calls().filter(({ path }) => path !== '/v1/connect/token');
    const provider = 'UQPAY';
    expect(sum('upstream_calls_total', { provider, kind: 'token', outcome: 'OK' })).toBe(1);
    expect(sum('upstream_calls_total', { provider, outcome: 'OK' })).toBe(dataCalls.length + 1);
    expect(sum('upstream_call_duration_seconds_count', { provider, kind: 'balances' })).toBe(1);
    expect(sum('upstream_connection_wait_seconds_count', { provider })).toBe(dataCalls.length + 1);
    expect(sum('reads_total', { provider, kind: 'balances', origin: 'UPSTREAM' })).toBe(1);
    expect(sum('reads_total', { provider, kind: 'balances', origin: 'MEMORY' })).toBe(1);
    expect(sum('answers_repeated_total', {})).toBe(1);
    expect(sum('budget_calls_left', { provider, purpose: 'read' })).toBe(200 - dataCalls.length);
    expect(sum('budget_calls_left', { provider, purpose: 'token' })).toBe(49);
    expect(sum('budget_paused', { provider, purpose: 'read' })).toBe(0);
    expect(sum('circuit_state', { provider, routes: 'balances BANKING', state: 'CLOSED' })).toBe(1);
    expect(sum('circuit_state', { provider, routes: 'balances BANKING', state: 'OPEN' })).toBe(0);
    expect(sum('tokens', { provider })).toBe(1);
    expect(sum('token_expires_in_seconds', { provider })).toBeGreaterThan(1_000);
    expect(sum('memory_bytes')).toBeGreaterThan(0);
    expect(sum('redis_up')).toBeNull();
    for (const secret of [sandbox.apiKey, sandbox.clientId, account?.account_id ?? 'none', 'eyJ']) {
      expect(text).not.toContain(secret);
    }
  });

  test('an open circuit and stale reads are counted', async () => {
    const { post, metrics, sandbox } = await open({ BALANCE_MAX_AGE_SECONDS: '0' });
    await post({ query: banking });
    sandbox.control.inject({ match: { path: '/v1/balances.*' }, kind: 'status', status: 500, shape: 'A' });
    for (let round = 0; round < 12; round += 1) await post({ query: banking });
    const { sum } = await metrics();
    expect(sum('circuit_state', { routes: 'balances BANKING', state: 'CLOSED' })).toBe(0);
    expect(
      sum('upstream_calls_total', { kind: 'balances', outcome: 'UPSTREAM_UNAVAILABLE' }),
    ).toBeGreaterThan(5);
    expect(sum('reads_total', { kind: 'balances', origin: 'STALE' })).toBe(12);
  });

  test('an exhausted budget is reported, with the reads it refused', async () => {
    const { post, metrics } = await open({
      UQPAY_RATE_LIMIT_PER_MINUTE: '1',
      BALANCE_MAX_AGE_SECONDS: '0',
      STALE_MAX_AGE_SECONDS: '0',
      REQUEST_TIMEOUT_MS: '20000',
    });
    expect((await post({ query: banking })).text).not.toContain('errors');
    expect((await post({ query: banking })).text).toContain('UPSTREAM_BUDGET_EXHAUSTED');
    const { sum } = await metrics();
    expect(sum('budget_calls_left', { purpose: 'read' })).toBe(0);
    expect(sum('budget_refusals_total', { provider: 'UQPAY', code: 'UPSTREAM_BUDGET_EXHAUSTED' })).toBe(1);
  });
});

describe('who may read them', () => {
  const status = async (origin: string, path = '/metrics', init: RequestInit = {}) =>
    (await fetch(origin + path, init)).status;

  test('any process on this machine, without a credential', async () => {
    const { origin } = await open({ AUTH: 'keys', AUTH_KEYS: someKeys });
    expect(await status(origin)).toBe(200);
    expect(await status(origin, '/metrics', { method: 'POST' })).toBe(405);
  });

  test('none if they are off, or if the address is not loopback and they were not enabled', async () => {
    expect(await status((await open({ METRICS: 'off' })).origin)).toBe(404);
    await door?.close();
    const exposed = { HOST: '0.0.0.0', AUTH: 'none' };
    expect(await status((await open(exposed)).origin)).toBe(404);
    await door?.close();
    expect(await status((await open({ ...exposed, METRICS: 'on' })).origin)).toBe(200);
  });

  test('anyone who reaches their own port, if there is one', async () => {
    const { origin, gateway } = await open({ HOST: '0.0.0.0', AUTH: 'none', METRICS_PORT: '0' });
    const apart = gateway.operatorOrigin ?? '';
    expect(await status(origin)).toBe(404);
    expect(await status(origin, '/readyz')).toBe(200);
    for (const path of ['/metrics', '/livez', '/readyz']) expect(await status(apart, path)).toBe(200);
    for (const path of ['/', '/graphql']) expect(await status(apart, path)).toBe(404);
  });

  test('no web page whose host name resolves to this machine, and none on another origin', async () => {
    const { origin } = await open({ CORS_ORIGINS: 'https://dashboard.example' });
    const { headers } = await fetch(`${origin}/metrics`, {
      headers: { origin: 'https://dashboard.example' },
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const [asked] = await once(get(`${origin}/metrics`, { headers: { host: 'evil.example' } }), 'response');
    expect(asked.resume().statusCode).toBe(421);
  });
});

const someKeys = JSON.stringify([
  {
    subject: 'dashboard',
    sha256: createHash('sha256').update('key').digest('hex'),
    scopes: ['balances:read'],
    accounts: ['*'],
  },
]);
