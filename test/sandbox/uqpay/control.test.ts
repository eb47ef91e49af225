import { describe, expect, test } from '@jest/globals';
import { at, column, withBench } from './support.ts';

const banking = '/v1/balances/transactions';

describe('rows', () => {
  test('are inserted at the head or back-dated, deleted, and change their status', () =>
    withBench({}, async ({ sandbox, list }) => {
      const { control, masterAccountId } = sandbox;
      const read = async () => column(await list(banking), 'transaction_id');
      const old = control.insertTransaction('banking', { create_time: '2026-01-01T00:00:00Z' });
      const head = control.insertTransaction('banking', { transaction_status: 'PENDING' });
      const middle = control.insertTransaction('banking', { create_time: '2026-02-01T00:00:00Z' });
      expect(await read()).toEqual([head, middle, old].map((row) => row.transaction_id));
      expect(head).toMatchObject({ create_time: '2026-03-15T12:00:00+08:00', complete_time: null });

      const record = control.transactions('banking', masterAccountId);
      expect(record).toEqual([head, middle, old]);
      control.setTransactionStatus(head.transaction_id, 'COMPLETED');
      control.deleteTransaction(middle.transaction_id);
      expect(await read()).toEqual([head.transaction_id, old.transaction_id]);
      const reply = await list(banking);
      expect([at(reply, 'data.0.transaction_status'), at(reply, 'data.0.complete_time')]).toEqual([
        'COMPLETED',
        '2026-03-15T12:00:00+08:00',
      ]);
      // Data returned before the changes is unchanged.
      expect(record).toEqual([head, middle, old]);
      expect(head.transaction_status).toBe('PENDING');
    }));

  test('a hook runs before each data call, and the reply includes its changes', () =>
    withBench({}, async ({ sandbox, list, issue }) => {
      const { control } = sandbox;
      const seen: string[] = [];
      control.beforeEachCall(({ path, query, onBehalfOf }) => {
        seen.push(`${path} ${query.page_number} ${onBehalfOf}`);
        control.insertTransaction('banking');
      });
      expect(at(await list(banking), 'total_items')).toBe(1);
      expect(at(await list(banking, { page_number: '2' }), 'total_items')).toBe(2);
      await issue();
      control.beforeEachCall(null);
      expect(at(await list(banking), 'total_items')).toBe(2);
      expect(seen).toEqual([`${banking} 1 null`, `${banking} 2 null`]);
    }));

  test('ids that are taken or unknown, bad amounts and bad times are refused by name', () =>
    withBench({}, async ({ sandbox }) => {
      const { control, masterAccountId } = sandbox;
      const row = control.insertTransaction('issuing');
      const { transaction_id } = row;
      expect(() => control.insertTransaction('banking', { transaction_id })).toThrow(/exists already/);
      expect(() => control.insertTransaction('banking', { amount: '1,5' })).toThrow(/amount must be decimal/);
      expect(() => control.insertTransaction('banking', { create_time: 'now' })).toThrow(/create_time/);
      expect(() => control.insertTransaction('banking', { account_id: 'x' })).toThrow(/no account x/);
      expect(() => control.deleteTransaction('x')).toThrow(/no transaction x/);
      expect(() => control.setBalance('payment', masterAccountId, 'USD', { payable_balance: '' })).toThrow(
        /payable_balance/,
      );
      expect(() => control.addAccount({ account_id: 'X' })).toThrow(/UUID/);
      expect(() => control.setBehaviour(JSON.parse('{"listOrder":"sideways"}'))).toThrow(/listOrder/);
      expect(() => control.setLatency(-1)).toThrow(/latency/);
      expect(control.transactions('banking', masterAccountId)).toEqual([]);
    }));
});

describe('the call log', () => {
  test('shows every request with its status, and only a short hash of the token', () =>
    withBench({}, async ({ sandbox, list, call, issue, clock }) => {
      const { control } = sandbox;
      const token = await issue();
      const { account_id } = control.addAccount();
      const key = crypto.randomUUID();
      await list(
        '/v1/balances',
        { page_size: '20' },
        { headers: { 'x-on-behalf-of': account_id, 'x-idempotency-key': key } },
      );
      await call('/v1/nothing', { headers: { 'x-auth-token': null, 'x-idempotency-key': null } });
      const calls = control.calls();
      expect(calls.slice(1)).toEqual([
        {
          method: 'GET',
          path: '/v1/balances',
          query: { page_number: '1', page_size: '20' },
          onBehalfOf: account_id,
          idempotencyKey: key,
          token: expect.stringMatching(/^[0-9a-f]{12}$/),
          status: 200,
          at: clock.nowMs,
        },
        expect.objectContaining({ path: '/v1/nothing', status: 404, token: null, onBehalfOf: null }),
      ]);
      expect(calls[0]).toMatchObject({ method: 'POST', path: '/v1/connect/token', status: 200 });
      const text = JSON.stringify(calls);
      for (const secret of [token, sandbox.apiKey]) expect(text).not.toContain(secret);
      expect(control.callCount()).toBe(3);
      control.resetCalls();
      expect([control.calls(), control.callCount()]).toEqual([[], 0]);
    }));

  test('1.4: expireTokens invalidates live tokens, as another client would', () =>
    withBench({}, async ({ sandbox, list, issue }) => {
      sandbox.control.expireTokens();
      expect((await list('/v1/balances')).status).toBe(401);
      await issue();
      expect((await list('/v1/balances')).status).toBe(200);
      expect(sandbox.control.mintCount()).toBe(2);
    }));
});

describe('over HTTP', () => {
  test('is absent unless enabled', () =>
    withBench({}, async ({ sandbox }) => {
      const reply = await fetch(new URL('/__control/accounts', sandbox.baseUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      expect(reply.status).toBe(404);
    }));

  test('does what the programmatic one does', () =>
    withBench({ control: true }, async ({ sandbox, list }) => {
      const post = async (operation: string, body?: unknown, contentType = 'application/json') => {
        const reply = await fetch(new URL(`/__control/${operation}`, sandbox.baseUrl), {
          method: 'POST',
          headers: { 'content-type': contentType },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: reply.status, json: (await reply.json()) as Record<string, unknown> };
      };
      const { masterAccountId, control } = sandbox;
      const inserted = await post('insertTransaction', { line: 'banking', row: { amount: '3.10' } });
      expect(inserted.json).toMatchObject({ result: { amount: '3.10', account_id: masterAccountId } });
      expect(column(await list(banking), 'amount')).toEqual(['3.10']);
      await post('setBalance', {
        line: 'payment',
        accountId: masterAccountId,
        currency: 'USD',
        fields: { payable_balance: '9.90' },
      });
      expect(control.balances('payment', masterAccountId)[0]?.payable_balance).toBe('9.90');
      await post('setBehaviour', { changes: { bankingPageSizeMin: 1 } });
      expect((await list(banking, { page_size: '1' })).status).toBe(200);
      await post('inject', {
        fault: { match: { path: '/v1/balances' }, kind: 'status', status: 503, shape: 'A', times: 1 },
      });
      expect((await list('/v1/balances')).status).toBe(503);
      await post('setRateLimits', { perMinute: 0 });
      expect((await list('/v1/balances')).status).toBe(429);
      expect((await post('mintCount')).json).toEqual({ result: 1 });
      expect((await post('expireTokens')).json).toEqual({ result: null });

      expect(await post('nothing')).toMatchObject({ status: 404, json: { message: expect.any(String) } });
      expect((await post('toString')).status).toBe(404);
      for (const [operation, body] of [
        ['balances', { line: 'cards', accountId: masterAccountId }],
        ['deleteTransaction', { transactionId: 'x' }],
        ['inject', { fault: { kind: 'explode', match: {} } }],
        ['mintCount', { extra: 1 }],
      ] as const) {
        expect([operation, (await post(operation, body)).status]).toEqual([operation, 400]);
      }
      expect((await post('mintCount', {}, 'text/plain')).status).toBe(400);
      // The control's own requests are not the client's.
      expect(control.calls().every(({ path }) => !path.includes('__control'))).toBe(true);
    }));
});
