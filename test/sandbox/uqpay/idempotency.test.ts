import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { at, withBench } from './support.ts';

const required = [
  ['/v1/issuing/balances', 'POST', '{"currency":"USD"}'],
  ['/v2/payment/balances?page_size=10&page_number=1', 'GET', undefined],
  ['/v2/payment/balances/USD', 'GET', undefined],
] as const;

test.each(required)('2.2: %s (%s) needs a UUID v4 as idempotency key', (path, method, body) =>
  withBench({}, async ({ sandbox, call }) => {
    sandbox.control.setBalance('issuing', sandbox.masterAccountId, 'USD');
    sandbox.control.setBalance('payment', sandbox.masterAccountId, 'USD');
    const send = (key: string | null) =>
      call(path, {
        method,
        headers: { 'content-type': 'application/json', 'x-idempotency-key': key },
        ...(body === undefined ? {} : { body }),
      });
    expect((await send(randomUUID())).status).toBe(200);
    for (const key of [null, '', 'abc', '00000000-0000-1000-8000-000000000000']) {
      const reply = await send(key);
      expect([key, reply.status, at(reply, 'type')]).toEqual([key, 400, 'idempotency_error']);
    }
    sandbox.control.setBehaviour({ paymentIdempotencyKeyRequired: false });
    expect((await send(null)).status).toBe(method === 'POST' ? 400 : 200);
  }),
);

test('2.2: banking, issuing lists and accounts need no key', () =>
  withBench({}, async ({ list }) => {
    for (const path of [
      '/v1/balances',
      '/v1/issuing/balances',
      '/v1/accounts',
      '/v1/balances/transactions',
    ]) {
      expect((await list(path, {}, { headers: { 'x-idempotency-key': null } })).status).toBe(200);
    }
  }));

test('2.2: the same key gets the first answer for 24 hours, then a new one', () =>
  withBench({ tokenLifetimeSeconds: 200_000 }, async ({ sandbox, call, clock }) => {
    const { control, masterAccountId } = sandbox;
    const key = randomUUID();
    const read = async (idempotencyKey: string) => {
      const reply = await call('/v2/payment/balances/USD', {
        headers: { 'x-idempotency-key': idempotencyKey },
      });
      return at(reply, 'available_balance') ?? reply.status;
    };
    control.setBalance('payment', masterAccountId, 'USD', { available_balance: '1.00' });
    expect(await read(key)).toBe('1.00');
    control.setBalance('payment', masterAccountId, 'USD', { available_balance: '2.00' });
    clock.nowMs += 24 * 3600 * 1000 - 1;
    expect(await read(key)).toBe('1.00');
    expect(await read(randomUUID())).toBe('2.00');
    clock.nowMs += 1;
    expect(await read(key)).toBe('2.00');
  }));

test('2.2: if the first answer was an error, it is repeated too', () =>
  withBench({}, async ({ sandbox, call }) => {
    const headers = { 'x-idempotency-key': randomUUID() };
    const first = await call('/v2/payment/balances/USD', { headers });
    expect(first.status).toBe(400);
    sandbox.control.setBalance('payment', sandbox.masterAccountId, 'USD');
    const second = await call('/v2/payment/balances/USD', { headers });
    expect([second.status, second.text]).toEqual([first.status, first.text]);
  }));

test('2.3: a key used for another currency or another account is a mismatch', () =>
  withBench({}, async ({ sandbox, call }) => {
    const { control, masterAccountId } = sandbox;
    const { account_id } = control.addAccount();
    for (const owner of [masterAccountId, account_id]) control.setBalance('payment', owner, 'USD');
    control.setBalance('payment', masterAccountId, 'EUR');
    const key = { 'x-idempotency-key': randomUUID() };
    expect((await call('/v2/payment/balances/USD', { headers: key })).status).toBe(200);
    for (const [path, headers] of [
      ['/v2/payment/balances/EUR', key],
      ['/v2/payment/balances/USD', { ...key, 'x-on-behalf-of': account_id }],
    ] as const) {
      const reply = await call(path, { headers });
      expect([reply.status, at(reply, 'type')]).toEqual([400, 'idempotency_error']);
    }
  }));

test('a refused token or an exceeded limit stores no answer for a key', () =>
  withBench({}, async ({ sandbox, call, issue }) => {
    sandbox.control.setBalance('payment', sandbox.masterAccountId, 'USD');
    const headers = { 'x-idempotency-key': randomUUID() };
    sandbox.control.expireTokens();
    expect((await call('/v2/payment/balances/USD', { headers })).status).toBe(401);
    await issue();
    sandbox.control.setRateLimits({ perMinute: 0 });
    expect((await call('/v2/payment/balances/USD', { headers })).status).toBe(429);
    sandbox.control.setRateLimits({ perMinute: null });
    expect((await call('/v2/payment/balances/USD', { headers })).status).toBe(200);
  }));
