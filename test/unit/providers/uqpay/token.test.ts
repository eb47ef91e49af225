import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../../src/domain/failure.ts';
import type { HttpReply, HttpRequest } from '../../../../src/ports/http.ts';
import { createTokenSource } from '../../../../src/providers/uqpay/token.ts';
import { createMemoryTokenStore } from '../../../../src/upstream/index.ts';
import { createManualClock } from '../../upstream/manual-clock.ts';

const minuteMs = 60_000;
const signal = new AbortController().signal;
const json = (status: number, body: unknown): HttpReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(body),
});

/** A token endpoint that issues t1, t2, ... unless `answer` says otherwise; only the clock moves the time. */
function setUp(lifetimeSeconds = 1_800) {
  const clock = createManualClock();
  const tokenStore = createMemoryTokenStore({ clock, random: () => 0 });
  const endpoint = {
    calls: [] as HttpRequest[],
    issuedCount: 0,
    answer: null as (() => HttpReply) | null,
    pending: null as Promise<void> | null,
  };
  const http = {
    async send(request: HttpRequest) {
      endpoint.calls.push(request);
      await (endpoint.pending ?? new Promise(setImmediate));
      if (endpoint.answer !== null) return endpoint.answer();
      endpoint.issuedCount += 1;
      const expiredAt = Math.floor(clock.now() / 1_000) + lifetimeSeconds;
      return json(200, { auth_token: `t${endpoint.issuedCount}`, expired_at: expiredAt });
    },
    close: () => undefined,
  };
  const createSource = () =>
    createTokenSource({
      baseUrl: 'http://127.0.0.1/api',
      credential: { clientId: 'client', apiKey: 'api-key-that-must-not-show' },
      digest: 'digest',
      variables: 'UQPAY_CLIENT_ID and UQPAY_API_KEY',
      http,
      tokenStore,
      clock,
    });
  return { clock, endpoint, source: createSource(), createSource };
}

const repeat = <T>(count: number, act: () => T | Promise<T>) =>
  Promise.all(Array.from({ length: count }, act));
const textsOf = (tokens: readonly { text: string }[]) => [...new Set(tokens.map(({ text }) => text))];

describe('issuing tokens (reference section 1.2)', () => {
  test('sends only the credentials, once for all concurrent callers', async () => {
    const { source, endpoint } = setUp();
    expect(textsOf(await repeat(50, () => source.current(signal)))).toEqual(['t1']);
    expect(endpoint.calls).toHaveLength(1);
    expect(endpoint.calls[0]).toMatchObject({ method: 'POST', url: 'http://127.0.0.1/api/v1/connect/token' });
    expect(Object.keys(endpoint.calls[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'content-type',
      'x-api-key',
      'x-client-id',
    ]);
  });

  test('is one for two sources over one token store', async () => {
    const { source, createSource, endpoint } = setUp();
    await Promise.all([source.current(signal), createSource().current(signal)]);
    expect(endpoint.issuedCount).toBe(1);
  });

  test('continues for the others when one caller leaves', async () => {
    const { source, endpoint } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    endpoint.pending = promise;
    const leaving = new AbortController();
    const left = source.current(leaving.signal);
    const stayed = source.current(signal);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    resolve();
    expect((await stayed).text).toBe('t1');
    expect(endpoint.calls).toHaveLength(1);
  });
});

describe('age', () => {
  test.each([
    [1_800, 25 * minuteMs],
    [60, 50_000],
  ])('a token of %i s is renewed after %i ms, not before', async (lifetimeSeconds, freshMs) => {
    const { source, clock, endpoint } = setUp(lifetimeSeconds);
    await source.current(signal);
    clock.advance(freshMs - 1_000);
    expect((await source.current(signal)).text).toBe('t1');
    clock.advance(1_000);
    expect(textsOf(await repeat(20, () => source.current(signal)))).toEqual(['t2']);
    expect(endpoint.issuedCount).toBe(2);
  });

  test('a token that still works is used while the token endpoint is down, with a request now and then', async () => {
    const { source, clock, endpoint } = setUp();
    await source.current(signal);
    clock.advance(26 * minuteMs);
    endpoint.answer = () => json(503, {});
    for (let readIndex = 0; readIndex < 20; readIndex += 1) {
      expect((await source.current(signal)).text).toBe('t1');
    }
    expect(endpoint.calls).toHaveLength(1 + 3);
    clock.advance(5 * minuteMs);
    await expect(source.current(signal)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    endpoint.answer = null;
    clock.advance(minuteMs);
    expect((await source.current(signal)).text).toBe('t2');
  });

  test('a token that ends while its renewal fails is not used', async () => {
    const { source, clock, endpoint } = setUp();
    await source.current(signal);
    clock.advance(26 * minuteMs);
    endpoint.answer = () => {
      clock.advance(5 * minuteMs);
      return json(401, {});
    };
    await expect(source.current(signal)).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
  });

  test('a token that seems expired when it is issued (a clock is wrong) is used, not issued again and again', async () => {
    const { source, endpoint } = setUp(-3_600);
    for (let readIndex = 0; readIndex < 5; readIndex += 1) await source.current(signal);
    expect(endpoint.issuedCount).toBe(1);
  });
});

describe('a token that is refused', () => {
  test('is replaced once for all who used it', async () => {
    const { source, endpoint } = setUp();
    const token = await source.current(signal);
    source.accepted(token, 'banking');
    expect(new Set(await repeat(100, () => source.renew(token, 'banking', signal)))).toEqual(new Set([true]));
    expect((await source.current(signal)).text).toBe('t2');
    expect(endpoint.issuedCount).toBe(2);
  });

  test('is not replaced when a newer one is in force', async () => {
    const { source, endpoint } = setUp();
    const token = await source.current(signal);
    await source.renew(token, 'banking', signal);
    expect(await source.renew(token, 'issuing', signal)).toBe(true);
    expect(endpoint.issuedCount).toBe(2);
  });

  test('late, when a newer one is in force, is not a reason to give up', async () => {
    const { source, endpoint } = setUp();
    await source.renew(await source.current(signal), 'issuing', signal);
    const second = await source.current(signal);
    await source.renew(second, 'banking', signal);
    expect(await source.renew(second, 'issuing', signal)).toBe(true);
    expect(endpoint.issuedCount).toBe(3);
  });

  test('like the previous one, is a reason to back off: not every call requests a token', async () => {
    const { source, clock, endpoint } = setUp();
    const refuse = async () => source.renew(await source.current(signal), 'issuing', signal);
    expect(await refuse()).toBe(true);
    expect(await repeat(30, refuse)).toEqual(Array(30).fill(false));
    expect(endpoint.issuedCount).toBe(2);
    clock.advance(30_000);
    expect(await refuse()).toBe(true);
    expect(endpoint.issuedCount).toBe(3);
  });

  test('repeatedly because of another client is replaced each time, as long as new ones are accepted', async () => {
    const { source, endpoint } = setUp();
    for (let killIndex = 0; killIndex < 4; killIndex += 1) {
      const token = await source.current(signal);
      expect(await source.renew(token, 'banking', signal)).toBe(true);
      source.accepted(await source.current(signal), 'banking');
    }
    expect(endpoint.issuedCount).toBe(5);
  });

  test('by a late answer does not count as proof for the newer one', async () => {
    const { source } = setUp();
    const first = await source.current(signal);
    await source.renew(first, 'banking', signal);
    source.accepted(first, 'banking');
    expect(await source.renew(await source.current(signal), 'banking', signal)).toBe(false);
  });
});

describe('credentials that are refused', () => {
  test.each([400, 401, 403])(
    'HTTP %i is UPSTREAM_AUTH, names the variables, and is not tried again for 30 s',
    async (status) => {
      const { source, clock, endpoint } = setUp();
      endpoint.answer = () => json(status, { error: 'Forbidden', message: 'forbidden from UAT' });
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => source.current(signal)));
      for (let readIndex = 0; readIndex < 20; readIndex += 1) {
        await expect(source.current(signal)).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
      }
      expect(endpoint.calls).toHaveLength(1);
      const { reason } = outcomes[0] as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(Failure);
      expect(reason.message).toContain('UQPAY_CLIENT_ID and UQPAY_API_KEY');
      expect(JSON.stringify([reason.message, reason.details])).not.toMatch(/must-not-show|UAT/);
      clock.advance(30_000);
      endpoint.answer = null;
      expect((await source.current(signal)).text).toBe('t1');
    },
  );
});

describe('a failing token endpoint', () => {
  test.each([
    [500, 'UPSTREAM_UNAVAILABLE'],
    [429, 'UPSTREAM_RATE_LIMITED'],
  ])('that answers %i is asked three times, then left alone for a while', async (status, code) => {
    const { source, clock, endpoint } = setUp();
    endpoint.answer = () => json(status, {});
    await expect(source.current(signal)).rejects.toMatchObject({ code, details: { provider: 'UQPAY' } });
    for (let readIndex = 0; readIndex < 20; readIndex += 1) {
      await expect(source.current(signal)).rejects.toMatchObject({
        code,
        details: { retryable: true, retriesSpent: true, retryAfterSeconds: 5 },
      });
    }
    expect(endpoint.calls).toHaveLength(3);
    clock.advance(5_000);
    endpoint.answer = null;
    expect((await source.current(signal)).text).toBe('t1');
  });

  test('that recovers in time fails no call', async () => {
    const { source, endpoint } = setUp();
    let answerCount = 0;
    endpoint.answer = () => {
      answerCount += 1;
      if (answerCount === 2) endpoint.answer = null;
      return json(503, {});
    };
    expect(textsOf(await repeat(10, () => source.current(signal)))).toEqual(['t1']);
    expect(endpoint.calls).toHaveLength(3);
  });

  test.each([
    ['a token with a line break', { auth_token: 'a\r\nx: y', expired_at: 4_000_000_000 }, 'auth_token'],
    ['no expiry', { auth_token: 'abc' }, 'expired_at'],
  ])('that answers %s: UPSTREAM_SHAPE', async (_name, body, path) => {
    const { source, endpoint } = setUp();
    endpoint.answer = () => json(200, body);
    const error = await Promise.resolve(source.current(signal)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UPSTREAM_SHAPE' });
    expect((error as Failure).message).toContain(path);
    expect((error as Failure).message).not.toContain('abc');
  });

  test('at a wrong address names UQPAY_BASE_URL', async () => {
    const { source, endpoint } = setUp();
    endpoint.answer = () => json(404, {});
    await expect(source.current(signal)).rejects.toMatchObject({
      code: 'UPSTREAM_REJECTED',
      message: expect.stringContaining('UQPAY_BASE_URL'),
    });
  });
});
