import { describe, expect, test } from '@jest/globals';
import { at, column, rowsOf, withBench } from './support.ts';

const banking = '/v1/balances/transactions';
const issuing = '/v1/issuing/balances/transactions';

describe('banking ledger', () => {
  test('5.2: every documented field; the create time keeps its text', () =>
    withBench({}, async ({ sandbox, list }) => {
      const inserted = sandbox.control.insertTransaction('banking', {
        transaction_type: 'PAYOUT',
        currency: 'JPY',
        amount: '1500.00',
        credit_debit_type: 'D',
        create_time: '2026-03-01T10:00:00.123456789Z',
        transaction_status: 'PENDING',
      });
      const reply = await list(banking);
      expect(rowsOf(reply)).toEqual([
        {
          transaction_id: inserted.transaction_id,
          balance_id: expect.any(String),
          account_id: sandbox.masterAccountId,
          transaction_type: 'PAYOUT',
          currency: 'JPY',
          amount: '1500.00',
          credit_debit_type: 'D',
          create_time: '2026-03-01T10:00:00.123456789Z',
          complete_time: null,
          reference_id: expect.any(String),
          transaction_status: 'PENDING',
          transaction_way: 'API',
        },
      ]);
      sandbox.control.setBehaviour({ bankingTransactionAmountsAs: 'number' });
      expect((await list(banking)).text).toContain('"amount":1500.00,');
    }));

  test('5.2: type, status and currency filter alone and together; ALL is no filter', () =>
    withBench({}, async ({ sandbox, list }) => {
      const insert = (transaction_type: string, transaction_status: string, currency: string) =>
        sandbox.control.insertTransaction('banking', { transaction_type, transaction_status, currency })
          .transaction_id;
      const a = insert('PAYOUT', 'COMPLETED', 'USD');
      const b = insert('PAYOUT', 'FAILED', 'USD');
      const c = insert('FEE', 'COMPLETED', 'EUR');
      const read = async (query: Record<string, string>) =>
        column(await list(banking, query), 'transaction_id');
      expect(await read({ transaction_type: 'ALL', transaction_status: 'ALL' })).toEqual([c, b, a]);
      expect(await read({ transaction_type: 'PAYOUT' })).toEqual([b, a]);
      expect(await read({ transaction_status: 'COMPLETED' })).toEqual([c, a]);
      expect(await read({ currency: 'EUR' })).toEqual([c]);
      expect(
        await read({ transaction_type: 'PAYOUT', transaction_status: 'FAILED', currency: 'USD' }),
      ).toEqual([b]);
      expect(await read({ currency: 'CHF' })).toEqual([]);
    }));

  test('5.2: a value outside the enums, an invalid currency or time is 400', () =>
    withBench({}, async ({ list }) => {
      for (const query of [
        { transaction_type: 'CASHBACK' },
        { transaction_type: 'payout' },
        { transaction_status: 'CANCELLED' },
        { currency: 'usd' },
        { currency: '' },
        { start_time: 'yesterday' },
        { start_time: '2026-03-01' },
        { start_time: '2026-03-01T10:00:00' },
        { start_time: '2026-03-01T10:00:00 08:00' },
        { end_time: '2026-02-30T10:00:00Z' },
        { end_time: '2026-03-01T24:00:00Z' },
        { end_time: '2026-03-01T10:00:00.1234567890Z' },
      ]) {
        const reply = await list(banking, query);
        expect([query, reply.status, at(reply, 'type'), at(reply, 'code')]).toEqual([
          query,
          400,
          'invalid_request_error',
          'invalid_parameter',
        ]);
      }
    }));

  test('5.2: an unencoded + in the offset arrives as a blank and is refused', () =>
    withBench({}, async ({ call }) => {
      const path = `${banking}?page_size=10&page_number=1&start_time=2026-03-01T00:00:00`;
      expect((await call(`${path}+08:00`)).status).toBe(400);
      expect((await call(`${path}%2B08:00`)).status).toBe(200);
    }));

  test('5.2: both bounds are inclusive, in any offset; fractions count unless the setting says second', () =>
    withBench({}, async ({ sandbox, list }) => {
      const insert = (create_time: string) => {
        sandbox.control.insertTransaction('banking', { create_time });
        return create_time;
      };
      const before = insert('2026-03-01T09:59:59.999999999+08:00');
      const exact = insert('2026-03-01T10:00:00+08:00');
      const inside = insert('2026-03-01T02:00:00.5Z');
      const last = insert('2026-03-01T10:00:01+08:00');
      const after = insert('2026-03-01T10:00:01.000000001+08:00');
      const read = async (start_time: string, end_time: string) =>
        column(await list(banking, { start_time, end_time }), 'create_time');
      const window = ['2026-03-01T02:00:00Z', '2026-02-28T21:00:01-05:00'] as const;
      expect(await read(...window)).toEqual([last, inside, exact]);
      expect(await read('2026-03-01T02:00:00.5Z', '2026-03-01T02:00:00.5Z')).toEqual([inside]);
      expect(await read('2026-03-01T03:00:00Z', '2026-03-01T02:00:00Z')).toEqual([]);
      sandbox.control.setBehaviour({ timeComparison: 'second' });
      expect(await read(...window)).toEqual([after, last, inside, exact]);
      sandbox.control.setBehaviour({ timeComparison: 'exact', listOrder: 'unordered' });
      expect((await read(...window)).sort()).toEqual([last, inside, exact].sort());
      expect(await read(before, before)).toEqual([before]);
    }));

  test('an end_time in the future is refused only with the setting', () =>
    withBench({}, async ({ sandbox, list }) => {
      const read = async (end_time: string) => (await list(banking, { end_time })).status;
      expect(await read('2027-01-01T00:00:00Z')).toBe(200);
      sandbox.control.setBehaviour({ refuseFutureEndTime: true });
      expect(await read('2026-03-15T04:00:00Z')).toBe(200);
      expect(await read('2026-03-15T04:00:00.001Z')).toBe(400);
    }));
});

describe('issuing ledger', () => {
  test('5.3: every documented field, amounts as number tokens, strings by switch', () =>
    withBench({}, async ({ sandbox, list }) => {
      const { transaction_id } = sandbox.control.insertTransaction('issuing', {
        amount: '-12.30',
        ending_balance: '98765432109876543210.987',
      });
      const reply = await list(issuing);
      expect(Object.keys(rowsOf(reply)[0] ?? {}).sort()).toEqual([
        'account_id',
        'amount',
        'balance_id',
        'complete_time',
        'create_time',
        'currency',
        'description',
        'ending_balance',
        'short_transaction_id',
        'transaction_id',
        'transaction_status',
        'transaction_type',
      ]);
      expect(reply.text).toContain('"amount":-12.30,"ending_balance":98765432109876543210.987,');
      sandbox.control.setBehaviour({ issuingAmountsAs: 'string' });
      expect((await list(issuing)).text).toContain('"amount":"-12.30"');
      expect(column(await list(issuing, { transaction_id }), 'transaction_id')).toEqual([transaction_id]);
    }));

  test('5.3: filters by type, status, currency and id; ALL is not a value here', () =>
    withBench({}, async ({ sandbox, list }) => {
      const { control } = sandbox;
      const fee = control.insertTransaction('issuing', { transaction_type: 'FEE', currency: 'SGD' });
      control.insertTransaction('issuing', { transaction_status: 'FAILED' });
      const read = async (query: Record<string, string>) =>
        column(await list(issuing, query), 'transaction_id');
      for (const query of [
        { transaction_type: 'FEE' },
        { currency: 'SGD' },
        { transaction_id: fee.transaction_id },
        { transaction_status: 'COMPLETED' },
      ]) {
        expect(await read(query)).toEqual([fee.transaction_id]);
      }
      expect(await read({ transaction_id: crypto.randomUUID() })).toEqual([]);
      for (const query of [
        { transaction_type: 'ALL' },
        { transaction_status: 'ALL' },
        { transaction_type: 'PAYOUT' },
        { transaction_id: 'x' },
        { page_size: '9' },
        { start_time: 'soon' },
      ]) {
        const reply = await list(issuing, query);
        expect([query, reply.status, at(reply, 'code')]).toEqual([query, 400, 'invalid_request_error']);
      }
    }));

  test('5.3: the bounds may be 90 days apart, not a nanosecond more', () =>
    withBench({}, async ({ list }) => {
      const read = async (start_time: string, end_time: string) =>
        (await list(issuing, { start_time, end_time })).status;
      expect(await read('2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z')).toBe(200);
      expect(await read('2026-01-01T00:00:00Z', '2026-04-01T08:00:00+08:00')).toBe(200);
      expect(await read('2026-01-01T00:00:00Z', '2026-04-01T00:00:00.000000001Z')).toBe(400);
      expect(await read('2025-01-01T00:00:00Z', '2026-04-01T00:00:00Z')).toBe(400);
    }));

  test('10: one bound alone returns everything, 90 days, or a 400; no bound returns everything, or 90 days', () =>
    withBench({}, async ({ sandbox, list }) => {
      for (const create_time of ['2025-06-01T00:00:00Z', '2025-10-01T00:00:00Z', '2026-03-01T00:00:00Z']) {
        sandbox.control.insertTransaction('issuing', { create_time });
      }
      const count = async (query: Record<string, string>) => at(await list(issuing, query), 'total_items');
      const from = { start_time: '2025-05-30T00:00:00Z' };
      const to = { end_time: '2026-03-02T00:00:00Z' };
      expect([await count(from), await count(to), await count({})]).toEqual([3, 3, 3]);
      sandbox.control.setBehaviour({ openEndedIssuingRange: 'clipped' });
      expect([await count(from), await count(to), await count({})]).toEqual([1, 1, 3]);
      sandbox.control.setBehaviour({ openEndedIssuingRange: 'refused' });
      expect([(await list(issuing, from)).status, (await list(issuing, to)).status]).toEqual([400, 400]);
      expect(await count({})).toBe(3);
      sandbox.control.setBehaviour({ unboundedIssuingRange: 'clipped' });
      expect(await count({})).toBeLessThan(3);
    }));
});
