// What /readyz and /livez report, and that they make no calls.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

jest.setTimeout(30_000);

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let door: TestGateway | null = null;

afterEach(async () => {
  await door?.close();
  door = null;
});

async function open(env: Record<string, string> = {}) {
  door = await startTestGateway(env);
  const { origin } = new URL(door.gateway.url);
  return { ...door, origin };
}

interface Health {
  readonly state: string;
  readonly providers: readonly {
    readonly code: string;
    readonly environment: string;
    readonly circuits: readonly { readonly routes: string; readonly state: string }[];
    readonly budgets: readonly Readonly<Record<string, unknown>>[];
    readonly tokens: readonly { readonly ageSeconds: number; readonly expiresInSeconds: number }[];
  }[];
  readonly redis: unknown;
}

async function readyz(origin: string) {
  const response = await fetch(`${origin}/readyz`);
  const text = await response.text();
  return { status: response.status, text, health: JSON.parse(text) as Health };
}

const banking = '{ balances(filter: { ledgers: [BANKING] }) { nodes { available { amount } } } }';

describe('/readyz', () => {
  test('is 200 from the start, without a call and before there is a token', async () => {
    const { origin, sandbox } = await open();
    const { status, health } = await readyz(origin);
    expect([status, health]).toEqual([
      200,
      {
        state: 'ready',
        providers: [{ code: 'UQPAY', environment: 'SANDBOX', circuits: [], budgets: [], tokens: [] }],
        redis: null,
      },
    ]);
    expect(sandbox.control.calls()).toEqual([]);
  });

  test('reports circuits, budget and token of this process, and nothing secret', async () => {
    const { origin, post, sandbox } = await open();
    await post({ query: banking });
    const callCount = sandbox.control.calls().length;
    const { status, text, health } = await readyz(origin);
    expect(status).toBe(200);
    const still = { waiting: 0, pausedUntil: null };
    expect(health.providers[0]).toMatchObject({
      circuits: [{ routes: 'balances BANKING', state: 'CLOSED' }],
      budgets: [
        { purpose: 'read', callsPerMinute: 200, callsLeft: 199, ...still },
        { purpose: 'token', callsPerMinute: 50, callsLeft: 49, ...still },
      ],
      tokens: [{ ageSeconds: expect.any(Number), expiresInSeconds: expect.any(Number) }],
    });
    expect(health.providers[0]?.tokens[0]?.expiresInSeconds).toBeGreaterThan(1_000);
    expect(sandbox.control.calls()).toHaveLength(callCount);
    const accounts = sandbox.control.accounts().map(({ account_id }) => account_id);
    for (const secret of [sandbox.apiKey, sandbox.clientId, sandbox.baseUrl, 'eyJ', ...accounts]) {
      expect(text).not.toContain(secret);
    }
  });

  test('stays 200 while a provider fails, and names it', async () => {
    const { origin, post, sandbox } = await open({ BALANCE_MAX_AGE_SECONDS: '0' });
    const limited = { kind: 'status', status: 429, shape: 'A', retryAfterSeconds: 30 } as const;
    sandbox.control.inject({ match: { path: '/v1/balances.*' }, ...limited });
    await post({ query: banking });
    const { status, health } = await readyz(origin);
    expect(status).toBe(200);
    expect(health.providers[0]?.budgets[0]?.pausedUntil).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    sandbox.control.clearFaults();
  });

  test('accepts only GET and HEAD', async () => {
    const { origin } = await open();
    const statusOf = async (method: string) => (await fetch(`${origin}/readyz`, { method })).status;
    expect([await statusOf('HEAD'), await statusOf('OPTIONS'), await statusOf('POST')]).toEqual([
      200, 204, 405,
    ]);
  });
});

describe('shutdown', () => {
  test('/readyz says 503 for a while before connections are refused; meanwhile requests are answered', async () => {
    const { origin, post, gateway } = await open({ SHUTDOWN_DELAY_MS: '1500' });
    const closed = gateway.close();
    const { status, health } = await readyz(origin);
    expect([status, health.state]).toEqual([503, 'draining']);
    expect((await fetch(`${origin}/livez`)).status).toBe(200);
    const answered = await post({ query: banking });
    expect([answered.status, answered.headers.get('connection')]).toEqual([200, 'close']);
    await closed;
    await expect(fetch(`${origin}/readyz`)).rejects.toThrow();
  });

  test('METRICS_PORT answers 503 until the last running request is answered', async () => {
    const { post, gateway, sandbox } = await open({ METRICS_PORT: '0' });
    const apart = gateway.operatorOrigin ?? '';
    expect((await readyz(apart)).status).toBe(200);
    sandbox.control.inject({ match: { path: '/v1/balances.*' }, kind: 'slow', ms: 700 });
    const answer = post({ query: banking });
    while (sandbox.control.calls().length < 2) await delay(5);
    const closed = gateway.close();
    expect(await readyz(apart)).toMatchObject({ status: 503, health: { state: 'draining' } });
    expect((await fetch(`${apart}/livez`)).status).toBe(200);
    expect((await answer).answer.errors).toBeUndefined();
    await closed;
    await expect(fetch(`${apart}/livez`)).rejects.toThrow();
  });
});

test('a METRICS_PORT in use ends the start and names the variable', async () => {
  const { gateway } = await open({ METRICS_PORT: '0' });
  const { port } = new URL(gateway.operatorOrigin ?? '');
  const second = startGateway(loadConfig({ PORT: '0', METRICS_PORT: port }), { logger: silent });
  await expect(second).rejects.toMatchObject({
    name: 'ListenError',
    message: expect.stringContaining('set METRICS_PORT to another number'),
  });
});
