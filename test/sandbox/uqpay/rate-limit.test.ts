import { expect, test } from '@jest/globals';
import { startUqpaySandbox } from '../../../src/sandbox/uqpay/index.ts';
import { startMs, withBench } from './support.ts';

const limited = { code: 'too_many_requests', message: expect.any(String) };

test('2.4: calls of a calendar minute are counted over all ledgers; the next minute starts from zero', () =>
  withBench({ rateLimitPerMinute: 3 }, async ({ list, clock }) => {
    clock.nowMs += 59_000;
    expect((await list('/v1/balances')).status).toBe(200);
    expect((await list('/v1/issuing/balances')).status).toBe(200);
    expect((await list('/v1/accounts')).status).toBe(200);
    const refused = await list('/v2/payment/balances');
    expect([refused.status, refused.json, refused.headers.get('retry-after')]).toEqual([429, limited, null]);
    clock.nowMs += 1000;
    expect((await list('/v1/balances')).status).toBe(200);
  }));

test('2.4: Retry-After up to the end of the minute is an option', () =>
  withBench({ rateLimitPerMinute: 0, rateLimitRetryAfter: true }, async ({ list, clock }) => {
    clock.nowMs += 15_000;
    expect((await list('/v1/balances')).headers.get('retry-after')).toBe('45');
  }));

test('2.4: the token call has a limit of its own', () =>
  withBench({ tokenRateLimitPerMinute: 2, rateLimitPerMinute: 1 }, async ({ sandbox, call, clock }) => {
    const issue = () =>
      call('/v1/connect/token', { method: 'POST', headers: { 'x-api-key': sandbox.apiKey } });
    expect((await issue()).status).toBe(200);
    const refused = await issue();
    expect([refused.status, refused.json]).toEqual([429, limited]);
    expect(sandbox.control.mintCount()).toBe(2);
    clock.nowMs += 60_000;
    expect((await issue()).status).toBe(200);
  }));

test('2.4: by default the limits of the sandbox apply, 500 calls and 60 tokens a minute', async () => {
  const sandbox = await startUqpaySandbox({ seed: 'empty', now: () => startMs });
  try {
    const issue = async () => {
      const headers = { 'x-client-id': sandbox.clientId, 'x-api-key': sandbox.apiKey };
      const reply = await fetch(`${sandbox.baseUrl}/v1/connect/token`, { method: 'POST', headers });
      return { status: reply.status, token: /"auth_token":"([^"]+)"/.exec(await reply.text())?.[1] };
    };
    let token: string | undefined;
    for (let index = 0; index < 60; index += 1) token = (await issue()).token;
    expect((await issue()).status).toBe(429);
    const read = async () => {
      const reply = await fetch(`${sandbox.baseUrl}/v1/balances?page_size=10&page_number=1`, {
        headers: { 'x-auth-token': `Bearer ${token}` },
      });
      await reply.text();
      return reply.status;
    };
    const statuses: number[] = [];
    for (let index = 0; index < 501; index += 1) statuses.push(await read());
    expect(statuses.indexOf(429)).toBe(500);
  } finally {
    await sandbox.close();
  }
});
