import { afterEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.ts';
import type { UqpaySandboxOptions } from '../../src/sandbox/uqpay/index.ts';
import { type Adapter, firstPage, master, readAll, startAdapter } from './uqpay-adapter.fixture.ts';

let running: Adapter | undefined;

async function start(options?: UqpaySandboxOptions): Promise<Adapter> {
  running = await startAdapter(options);
  running.control.setBalance('banking', running.sandbox.masterAccountId, 'USD', {
    available_balance: '10.50',
  });
  return running;
}

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function failureOf(read: Promise<unknown>): Promise<Failure> {
  const error = await read.then(
    () => new Error('was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error;
  return error;
}

const readUsd = ({ banking, context }: Adapter) => banking.one?.(master, 'USD', context) ?? Promise.reject();
const repeat = <T>(count: number, act: () => Promise<T>) => Promise.all(Array.from({ length: count }, act));

describe('tokens', () => {
  test('one is issued for a hundred concurrent reads of all lines', async () => {
    const adapter = await start();
    const { control, banking, issuing, payment, bankingRows, context } = adapter;
    await repeat(25, () =>
      Promise.all([
        ...[banking, issuing, payment].map((book) => readAll(book.list(master, context))),
        bankingRows.page(firstPage(master), context),
      ]),
    );
    expect(control.mintCount()).toBe(1);
  });

  test('revoked by another client during 100 parallel reads: one new token, no failed read', async () => {
    const adapter = await start();
    const { control } = adapter;
    await readUsd(adapter);
    control.expireTokens();
    const readings = await repeat(100, () => readUsd(adapter));
    expect(readings.map(({ value }) => value)).toEqual(
      Array(100).fill(expect.objectContaining({ available: { amount: '10.50', currency: 'USD' } })),
    );
    expect(control.mintCount()).toBe(2);
  });

  test('revoked repeatedly during reads: each time costs one token request', async () => {
    const adapter = await start();
    const { control, dataCalls } = adapter;
    await readUsd(adapter);
    for (let deathCount = 1; deathCount <= 3; deathCount += 1) {
      let callCount = 0;
      control.beforeEachCall(() => {
        callCount += 1;
        if (callCount === 5) control.expireTokens();
      });
      await repeat(20, () => readUsd(adapter));
      control.beforeEachCall(null);
      expect(control.mintCount()).toBe(1 + deathCount);
    }
    expect(dataCalls().filter(({ status }) => status !== 200 && status !== 401)).toEqual([]);
  });

  test('an invalid one that Account Center refuses with 403 is replaced as well', async () => {
    const { control, provider, context, dataCalls } = await start();
    await readAll(provider.accounts.connected(context));
    control.expireTokens();
    expect(await readAll(provider.accounts.connected(context))).toEqual([]);
    expect(dataCalls().map(({ status }) => status)).toEqual([200, 403, 200]);
    expect(control.mintCount()).toBe(2);
  });

  test('are renewed before they expire, so that no read is refused', async () => {
    const adapter = await start({ tokenLifetimeSeconds: 1_800 });
    const { control, clock, dataCalls } = adapter;
    await readUsd(adapter);
    clock.advance(26 * 60_000);
    await repeat(10, () => readUsd(adapter));
    expect(control.mintCount()).toBe(2);
    expect(dataCalls().filter(({ status }) => status !== 200)).toEqual([]);
  });

  test('that are always refused: UPSTREAM_AUTH, one token request for all', async () => {
    const adapter = await start();
    const { control, dataCalls } = adapter;
    control.inject({ match: { path: '/v1/balances/USD' }, kind: 'status', status: 401, shape: 'C' });
    const failures = await repeat(20, () => failureOf(readUsd(adapter)));
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['UPSTREAM_AUTH']));
    await repeat(20, () => failureOf(readUsd(adapter)));
    expect(control.mintCount()).toBe(2);
    expect(dataCalls().length).toBeLessThanOrEqual(2 * 20 + 20);
  });

  test('invalidated between two reads cost one refused call', async () => {
    const adapter = await start();
    await readUsd(adapter);
    adapter.control.expireTokens();
    await readUsd(adapter);
    expect(adapter.dataCalls().map(({ status }) => status)).toEqual([200, 401, 200]);
    expect(adapter.control.mintCount()).toBe(2);
  });

  test('are not issued for wrong credentials: one call, then none for a while, and a helpful message', async () => {
    const adapter = await start();
    const { sandbox, control } = adapter;
    const right = { clientId: sandbox.clientId, apiKey: sandbox.apiKey };
    const wrong = { clientId: 'wrong', apiKey: 'wrong-key-that-must-not-show' };
    const lines = { banking: wrong, issuing: right, payment: right };
    const other = await startAdapter({}, { baseUrl: sandbox.baseUrl, lines });
    try {
      control.resetCalls();
      const failures = [
        ...(await repeat(20, () => failureOf(readUsd(other)))),
        await failureOf(readUsd(other)),
      ];
      expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['UPSTREAM_AUTH']));
      expect(failures[0]?.message).toContain('UQPAY_BANKING_CLIENT_ID and UQPAY_BANKING_API_KEY');
      expect(failures[0]?.message).not.toContain('must-not-show');
      expect(control.calls().map(({ path }) => path)).toEqual(['/v1/connect/token']);
    } finally {
      await other.close();
    }
  });
});

describe('failures between gateway and provider', () => {
  test.each([
    ['A', 500, 'UPSTREAM_UNAVAILABLE', 3],
    ['B', 500, 'UPSTREAM_UNAVAILABLE', 3],
    ['html', 502, 'UPSTREAM_UNAVAILABLE', 3],
    ['D', 429, 'UPSTREAM_RATE_LIMITED', 3],
    ['A', 409, 'UPSTREAM_REJECTED', 1],
    ['A', 403, 'UPSTREAM_FORBIDDEN', 1],
    ['B', 405, 'UPSTREAM_REJECTED', 1],
  ] as const)('shape %s with HTTP %i is %s after %i calls', async (shape, status, code, callCount) => {
    const adapter = await start();
    adapter.control.inject({ match: { path: '/v1/balances/USD' }, kind: 'status', status, shape });
    const failure = await failureOf(readUsd(adapter));
    expect([failure.code, failure.details.upstreamStatus]).toEqual([code, status]);
    expect(failure.details).toMatchObject({ provider: 'UQPAY', ledger: 'BANKING' });
    expect([adapter.dataCalls().length, adapter.meter.calls]).toEqual([callCount, callCount]);
  });

  test.each([
    { kind: 'status', status: 503, shape: 'A' },
    { kind: 'status', status: 429, shape: 'D' },
    { kind: 'status', status: 502, shape: 'html' },
    { kind: 'reset' },
    { kind: 'truncated' },
  ] as const)('%j twice is overcome', async (fault) => {
    const adapter = await start();
    adapter.control.inject({ match: { path: '/v1/balances/USD' }, times: 2, ...fault });
    expect((await readUsd(adapter)).value).toMatchObject({ available: { amount: '10.50' } });
    expect([adapter.dataCalls().length, adapter.meter.calls]).toEqual([3, 3]);
  });

  test('a short Retry-After is waited for, a long one is passed on', async () => {
    const adapter = await start();
    const limit = {
      match: { path: '/v1/balances/USD' },
      kind: 'status',
      status: 429,
      shape: 'D',
      times: 1,
    } as const;
    adapter.control.inject({ ...limit, retryAfterSeconds: 2 });
    await readUsd(adapter);
    expect(adapter.clock.sleeps).toEqual([2_000]);
    adapter.control.inject({ ...limit, retryAfterSeconds: 40 });
    const failure = await failureOf(readUsd(adapter));
    expect(failure).toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
      details: { retryable: true, retryAfterSeconds: 40 },
    });
    expect(adapter.dataCalls()).toHaveLength(3);
  });

  test('the sandbox’s own rate limit is such a 429', async () => {
    const adapter = await start({ rateLimitPerMinute: 2 });
    await repeat(2, () => readUsd(adapter));
    expect(await failureOf(readUsd(adapter))).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED' });
  });

  test('a token endpoint that fails twice fails no read; one that keeps failing is called rarely', async () => {
    const adapter = await start();
    const { control } = adapter;
    const tokenFault = {
      match: { path: '/v1/connect/token' },
      kind: 'status',
      status: 503,
      shape: 'A',
    } as const;
    control.inject({ ...tokenFault, times: 2 });
    await repeat(20, () => readUsd(adapter));
    expect(control.calls().filter(({ path }) => path === '/v1/connect/token')).toHaveLength(3);
    control.inject(tokenFault);
    control.expireTokens();
    control.resetCalls();
    const failures = await repeat(50, () => failureOf(readUsd(adapter)));
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    expect(control.calls().filter(({ path }) => path === '/v1/connect/token')).toHaveLength(3);
  });

  test('a caller who disconnects ends the call in progress', async () => {
    const adapter = await start();
    await readUsd(adapter);
    adapter.control.inject({ match: {}, kind: 'slow', ms: 60_000 });
    const leaving = new AbortController();
    adapter.control.beforeEachCall(() => setImmediate(() => leaving.abort()));
    const read = adapter.banking.one?.(master, 'USD', { ...adapter.context, signal: leaving.signal });
    expect((await failureOf(read ?? Promise.reject())).code).toBe('CANCELLED');
    expect(adapter.meter.calls).toBe(2);
  });
});

describe('replies in an unexpected shape', () => {
  test('another content type: UPSTREAM_SHAPE, not retried', async () => {
    const adapter = await start();
    adapter.control.inject({ match: { path: '/v1/balances/USD' }, kind: 'wrong-content-type' });
    expect(await failureOf(readUsd(adapter))).toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: 'UQPAY GET /v1/balances/USD answered with JSON that is said to be a web page.',
      details: { ledger: 'BANKING', retryable: false },
    });
    expect(adapter.meter.calls).toBe(1);
  });

  test('JSON that is always cut short: UPSTREAM_SHAPE', async () => {
    const adapter = await start();
    adapter.control.inject({ match: { path: '/v1/balances/USD' }, kind: 'truncated' });
    expect((await failureOf(readUsd(adapter))).code).toBe('UPSTREAM_SHAPE');
    expect(adapter.meter.calls).toBe(3);
  });

  test.each([
    ['data.0.available_balance', 'leaky-value', 'data[0].available_balance'],
    ['data.0.available_balance', { leaky: 'leaky-value' }, 'data[0].available_balance'],
    ['data.0.currency', ['leaky-value'], 'data[0].currency'],
    ['data.0.balance_status', { leaky: 'leaky-value' }, 'data[0].balance_status'],
    ['data', 'leaky-value', 'data'],
    ['total_items', 'leaky-value', 'total_items'],
  ])('%s = %j names the path and not the value', async (field, value, path) => {
    const adapter = await start();
    adapter.control.inject({ match: {}, kind: 'shape', field, value });
    adapter.control.resetCalls();
    const failure = await failureOf(readAll(adapter.banking.list(master, adapter.context)));
    expect(failure.code).toBe('UPSTREAM_SHAPE');
    expect(failure.message).toContain(`UQPAY GET /v1/balances answered in an unexpected shape: ${path}: `);
    expect(JSON.stringify([failure.message, failure.details, failure.stack])).not.toContain('leaky');
    expect(adapter.meter.calls).toBe(1);
  });

  test('another currency than the requested one', async () => {
    const adapter = await start();
    adapter.control.inject({ match: {}, kind: 'shape', field: 'currency', value: 'EUR' });
    expect((await failureOf(readUsd(adapter))).message).toContain('currency: is not the currency');
  });

  test('no rows although the list counts some', async () => {
    const adapter = await start();
    adapter.control.inject({ match: {}, kind: 'shape', field: 'data', value: null });
    const failure = await failureOf(readAll(adapter.banking.list(master, adapter.context)));
    expect(failure.message).toContain('data: holds no rows although total_items');
  });

  test('an account or a balance that is listed twice', async () => {
    const { control, sandbox, provider, banking, context } = await start();
    const [first] = [control.addAccount(), control.addAccount()];
    control.setBalance('banking', sandbox.masterAccountId, 'EUR');
    control.inject({
      match: { path: '/v1/accounts' },
      kind: 'shape',
      field: 'data.1.account_id',
      value: first.account_id,
    });
    control.inject({
      match: { path: '/v1/balances' },
      kind: 'shape',
      field: 'data.1.currency',
      value: 'USD',
    });
    expect((await failureOf(readAll(provider.accounts.connected(context)))).message).toContain(
      'data[1].account_id: is on the page twice',
    );
    expect((await failureOf(readAll(banking.list(master, context)))).message).toContain('data[1].currency');
  });
});
