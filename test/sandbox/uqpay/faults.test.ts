import { describe, expect, test } from '@jest/globals';
import type { UqpayFault } from '../../../src/sandbox/uqpay/index.ts';
import { at, withBench } from './support.ts';

const balances = '/v1/balances';

describe('matching', () => {
  test('a fault applies to the calls that match path, account and method, as many times as configured', () =>
    withBench({}, async ({ sandbox, list, issue }) => {
      const { control } = sandbox;
      const { account_id } = control.addAccount();
      const inject = (match: UqpayFault['match'], times?: number) =>
        control.inject({
          match,
          kind: 'status',
          status: 500,
          shape: 'A',
          ...(times === undefined ? {} : { times }),
        });
      const status = async (path: string, id: string | null = null) =>
        (await list(path, {}, { headers: { 'x-on-behalf-of': id } })).status;

      inject({ path: balances }, 2);
      expect(await status('/v1/balances/transactions')).toBe(200);
      expect([await status(balances), await status(balances), await status(balances)]).toEqual([
        500, 500, 200,
      ]);

      inject({ path: '/v1/.*', onBehalfOf: account_id });
      expect([await status(balances, account_id), await status(balances)]).toEqual([500, 200]);
      expect(await status('/v2/payment/balances', account_id)).toBe(200);
      control.clearFaults();

      inject({ onBehalfOf: null, path: /issuing/ });
      expect([
        await status('/v1/issuing/balances'),
        await status('/v1/issuing/balances', account_id),
      ]).toEqual([500, 200]);
      control.clearFaults();

      inject({ method: 'POST', path: '/v1/connect/token' });
      await issue();
      expect(control.mintCount()).toBe(1);
      control.clearFaults();
    }));

  test('an invalid fault is refused by name', () =>
    withBench({}, async ({ sandbox }) => {
      const inject = (text: string) => () => sandbox.control.inject(JSON.parse(text));
      expect(inject('{"kind":"status","match":{},"status":200,"shape":"A"}')).toThrow(/status/);
      expect(inject('{"kind":"slow","match":{}}')).toThrow(/ms/);
      expect(inject('{"kind":"reset","match":{"pth":"x"}}')).toThrow(/pth/);
    }));
});

describe('kinds', () => {
  test.each([
    ['A', { type: 'api_error', code: 'api_error', message: 'injected fault' }],
    ['B', { code: 502, message: 'injected fault' }],
    ['C', { error: 'injected fault' }],
    ['D', { code: 'too_many_requests', message: 'injected fault' }],
    ['html', null],
  ] as const)('2.3: status in shape %s, with Retry-After when asked for', (shape, body) =>
    withBench({}, async ({ sandbox, list }) => {
      sandbox.control.inject({
        match: {},
        kind: 'status',
        status: 502,
        shape,
        retryAfterSeconds: 7,
        times: 1,
      });
      sandbox.control.inject({ match: {}, kind: 'status', status: 502, shape });
      const reply = await list(balances);
      expect([reply.status, reply.json, reply.headers.get('retry-after')]).toEqual([502, body, '7']);
      expect(reply.headers.get('content-type')).toMatch(shape === 'html' ? 'text/html' : 'application/json');
      expect((await list(balances)).headers.get('retry-after')).toBeNull();
    }),
  );

  test('reset destroys the connection, and the route does not run', () =>
    withBench({}, async ({ sandbox, list }) => {
      let hooked = 0;
      sandbox.control.beforeEachCall(() => {
        hooked += 1;
      });
      sandbox.control.inject({ match: {}, kind: 'reset', times: 1 });
      await expect(list(balances)).rejects.toThrow();
      expect(sandbox.control.calls()).toMatchObject([{ path: balances, status: null }]);
      expect(hooked).toBe(0);
      expect((await list(balances)).status).toBe(200);
    }));

  test('truncated is a complete HTTP reply with half a body', () =>
    withBench({}, async ({ sandbox, list }) => {
      const whole = await list(balances);
      sandbox.control.inject({ match: {}, kind: 'truncated' });
      const reply = await list(balances);
      expect([reply.status, reply.json]).toEqual([200, null]);
      expect(reply.text).toBe(whole.text.slice(0, Math.floor(whole.text.length / 2)));
    }));

  test('wrong-content-type declares JSON as text/html', () =>
    withBench({}, async ({ sandbox, list }) => {
      sandbox.control.inject({ match: {}, kind: 'wrong-content-type' });
      const reply = await list(balances);
      expect(reply.headers.get('content-type')).toBe('text/html');
      expect(at(reply, 'total_items')).toBe(0);
    }));

  test('shape replaces one value and keeps every other digit', () =>
    withBench({}, async ({ sandbox, list }) => {
      sandbox.control.setBalance('issuing', sandbox.masterAccountId, 'USD', {
        available_balance: '98765432109876543210.10',
      });
      sandbox.control.inject({
        match: {},
        kind: 'shape',
        field: 'data.0.frozen_balance',
        value: { no: 'number' },
      });
      const reply = await list('/v1/issuing/balances');
      expect(reply.text).toContain('"available_balance":98765432109876543210.10,');
      expect(at(reply, 'data.0.frozen_balance')).toEqual({ no: 'number' });
    }));

  test('slow sends the head at once and the body late, in parts', () =>
    withBench({}, async ({ sandbox, list }) => {
      sandbox.control.inject({ match: {}, kind: 'slow', ms: 5, chunks: 4 });
      expect(at(await list(balances), 'total_items')).toBe(0);
      sandbox.control.clearFaults();
      sandbox.control.inject({ match: {}, kind: 'slow', ms: 60_000 });
      const reply = await fetch(`${sandbox.baseUrl}/v1/nothing`);
      expect(reply.status).toBe(404);
      // The body never comes: closing the sandbox ends the wait.
      await sandbox.close();
      await expect(reply.text()).rejects.toThrow();
    }));

  test('latency delays every reply; closing does not wait for it', () =>
    withBench({ latencyMs: 1 }, async ({ sandbox, list }) => {
      expect((await list(balances)).status).toBe(200);
      sandbox.control.setLatency(60_000);
      const pending = list(balances);
      const outcome = expect(pending).rejects.toThrow();
      while (sandbox.control.callCount() < 2) await new Promise((resolve) => setImmediate(resolve));
      await sandbox.close();
      await outcome;
    }));
});
