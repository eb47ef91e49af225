import { describe, expect, test } from '@jest/globals';
import { at, column, rowsOf, withBench } from './support.ts';

const jsonHeaders = { 'content-type': 'application/json' };

describe('banking balances', () => {
  test('4.2: every documented field, amounts as strings with their digits', () =>
    withBench({}, async ({ sandbox, list, call }) => {
      sandbox.control.setBalance('banking', sandbox.masterAccountId, 'EUR', {
        available_balance: '12345678901234567890',
        prepaid_balance: '0.12345678901234567891',
        margin_balance: '-0.01',
        frozen_balance: '5000.10',
      });
      const reply = await list('/v1/balances');
      expect(rowsOf(reply)).toEqual([
        {
          balance_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          currency: 'EUR',
          available_balance: '12345678901234567890',
          prepaid_balance: '0.12345678901234567891',
          margin_balance: '-0.01',
          frozen_balance: '5000.10',
          create_time: '2026-03-15T12:00:00+08:00',
          last_trade_time: '2026-03-15T12:00:00+08:00',
          balance_status: 'ACTIVE',
        },
      ]);
      expect((await call('/v1/balances/EUR')).json).toEqual(rowsOf(reply)[0]);
    }));

  test('4.2: page_size 10 to 100, or 1 to 100 by switch (8 row 6)', () =>
    withBench({}, async ({ sandbox, list }) => {
      const sizes = async (path: string) => {
        const statuses = [];
        for (const page_size of ['0', '1', '9', '10', '100', '101']) {
          statuses.push((await list(path, { page_size })).status);
        }
        return statuses;
      };
      expect(await sizes('/v1/balances')).toEqual([400, 400, 400, 200, 200, 400]);
      expect(await sizes('/v1/balances/transactions')).toEqual([400, 400, 400, 200, 200, 400]);
      sandbox.control.setBehaviour({ bankingPageSizeMin: 1 });
      expect(await sizes('/v1/balances')).toEqual([400, 200, 200, 200, 200, 400]);
      expect(await sizes('/v1/issuing/balances')).toEqual([400, 400, 400, 200, 200, 400]);
      expect(await sizes('/v2/payment/balances')).toEqual([400, 200, 200, 200, 200, 400]);
    }));
});

describe('issuing balances', () => {
  test('4.3: amounts are number tokens with exactly their digits; strings by switch (8 row 1)', () =>
    withBench({}, async ({ sandbox, list, call }) => {
      sandbox.control.setBalance('issuing', sandbox.masterAccountId, 'SGD', {
        available_balance: '2353.250',
        margin_balance: '98765432109876543210.10',
        frozen_balance: '-0.00000000000000000001',
      });
      const read = () =>
        call('/v1/issuing/balances', { method: 'POST', headers: jsonHeaders, body: '{"currency":"SGD"}' });
      for (const reply of [await list('/v1/issuing/balances'), await read()]) {
        expect(reply.status).toBe(200);
        expect(reply.text).toContain('"available_balance":2353.250,');
        expect(reply.text).toContain('"margin_balance":98765432109876543210.10,');
        expect(reply.text).toContain('"frozen_balance":-0.00000000000000000001,');
        expect(reply.text).not.toContain('prepaid_balance');
      }
      sandbox.control.setBehaviour({ issuingAmountsAs: 'string' });
      expect((await read()).text).toContain('"available_balance":"2353.250",');
    }));

  test('4.3: the POST that reads needs JSON, a currency and an idempotency key', () =>
    withBench({}, async ({ sandbox, call }) => {
      sandbox.control.setBalance('issuing', sandbox.masterAccountId, 'USD');
      const post = (body: string, headers: Record<string, string | null> = {}) =>
        call('/v1/issuing/balances', { method: 'POST', headers: { ...jsonHeaders, ...headers }, body });
      expect((await post('{"currency":"USD"}')).status).toBe(200);
      for (const body of ['', '{', '[]', '{}', '{"currency":3}', '{"currency":"usd"}']) {
        const reply = await post(body);
        expect([body, reply.status, at(reply, 'code')]).toEqual([body, 400, 'invalid_request_error']);
      }
      expect((await post('{"currency":"USD"}', { 'content-type': 'text/plain' })).status).toBe(400);
      expect((await post('x'.repeat(2_000_000))).status).toBe(413);
    }));
});

describe('payment balances', () => {
  test('4.4: six amounts as strings, no status and no times', () =>
    withBench({}, async ({ sandbox, call }) => {
      sandbox.control.setBalance('payment', sandbox.masterAccountId, 'USD', { payable_balance: '7.770' });
      expect((await call('/v2/payment/balances/USD')).json).toEqual({
        balance_id: expect.any(String),
        currency: 'USD',
        available_balance: '0.00',
        payable_balance: '7.770',
        pending_balance: '0.00',
        reserved_balance: '0.00',
        margin_balance: '0.00',
        frozen_balance: '0.00',
      });
    }));
});

describe('every ledger', () => {
  const reads = [
    ['banking', '/v1/balances/USD', undefined],
    ['issuing', '/v1/issuing/balances', '{"currency":"USD"}'],
    ['payment', '/v2/payment/balances/USD', undefined],
  ] as const;

  test.each(reads)(
    '10: %s answers 400 for a currency without a balance, typed by switch',
    (line, path, body) =>
      withBench({}, async ({ sandbox, call }) => {
        const read = () =>
          call(path, body === undefined ? {} : { method: 'POST', headers: jsonHeaders, body });
        const typeOf = async () => {
          const reply = await read();
          return [reply.status, at(reply, 'type')];
        };
        expect(await typeOf()).toEqual([400, 'not_found']);
        sandbox.control.setBehaviour({ unknownCurrencyBalance: 'invalid' });
        expect(await typeOf()).toEqual([400, 'invalid_request_error']);
        sandbox.control.setBalance(line, sandbox.masterAccountId, 'USD');
        expect((await read()).status).toBe(200);
        sandbox.control.removeBalance(line, sandbox.masterAccountId, 'USD');
        expect((await read()).status).toBe(400);
      }),
  );

  test('10: a setting selects the reply beyond the last page', () =>
    withBench({}, async ({ sandbox, list }) => {
      const currencies = ['USD', 'EUR', 'GBP', 'SGD', 'HKD', 'CNY', 'JPY', 'AUD', 'CAD', 'CHF', 'THB', 'KWD'];
      for (const currency of currencies)
        sandbox.control.setBalance('banking', sandbox.masterAccountId, currency);
      const second = await list('/v1/balances', { page_number: '2' });
      expect(column(second, 'currency')).toEqual(['THB', 'KWD']);
      expect(second.json).toMatchObject({ total_pages: 2, total_items: 12 });

      const third = () => list('/v1/balances', { page_number: '3' });
      expect((await third()).json).toEqual({ total_pages: 2, total_items: 12, data: [] });
      sandbox.control.setBehaviour({ pageBeyondEnd: 'last-page' });
      expect(column(await third(), 'currency')).toEqual(['THB', 'KWD']);
      sandbox.control.setBehaviour({ pageBeyondEnd: 'refused' });
      expect((await third()).status).toBe(400);
      const empty = await list('/v2/payment/balances');
      expect([empty.status, empty.json]).toEqual([200, { total_pages: 0, total_items: 0, data: [] }]);
    }));

  test('10: a page_size out of range is clamped by switch, an unreadable one never', () =>
    withBench({ behaviour: { pageSizeOutOfRange: 'clamped' } }, async ({ sandbox, list }) => {
      for (const currency of ['USD', 'EUR', 'GBP', 'SGD', 'HKD', 'CNY', 'JPY', 'AUD', 'CAD', 'CHF', 'THB']) {
        sandbox.control.setBalance('banking', sandbox.masterAccountId, currency);
      }
      expect(rowsOf(await list('/v1/balances', { page_size: '1' }))).toHaveLength(10);
      expect(rowsOf(await list('/v1/balances', { page_size: '5000' }))).toHaveLength(11);
      for (const page_size of ['', '1.5', 'ten', '1e2']) {
        expect((await list('/v1/balances', { page_size })).status).toBe(400);
      }
    }));
});
