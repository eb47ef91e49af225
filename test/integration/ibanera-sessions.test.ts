import { afterEach, describe, expect, test } from '@jest/globals';
import { master, startIbaneraAdapter, stepMs } from './ibanera-adapter.fixture.ts';

const closers: (() => Promise<void>)[] = [];

async function start(...args: Parameters<typeof startIbaneraAdapter>) {
  const adapter = await startIbaneraAdapter(...args);
  closers.push(adapter.close);
  adapter.control.addAccount({ asset: 'USD', totalBalance: '10.50' });
  return adapter;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const repeat = <T>(count: number, act: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, () => act()));
const minuteMs = 60_000;
const lockMs = 10 * minuteMs;

describe('a login', () => {
  test('is shared by all concurrent callers, and used until shortly before it expires', async () => {
    const { readBalances, clock, logins, dataCalls } = await start();
    await repeat(30, readBalances);
    expect([logins().length, dataCalls().length]).toEqual([1, 30]);
    clock.advance(29 * minuteMs);
    await readBalances();
    expect(logins()).toHaveLength(1);
    clock.advance(40_000);
    await repeat(20, readBalances);
    expect(logins()).toHaveLength(2);
  });

  test('takes its lifetime from the reply', async () => {
    const { readBalances, clock, logins } = await start({ tokenLifetimeSeconds: 120 });
    await readBalances();
    clock.advance(119_000);
    await readBalances();
    expect(logins()).toHaveLength(2);
  });

  test.each([200, 400, 401] as const)(
    'that is refused (HTTP %i) is tried once more in a later step, then not for ten minutes',
    async (loginRefusalStatus) => {
      const { readBalances, clock, logins, dataCalls } = await start(
        { behaviour: { loginRefusalStatus, loginFailuresMax: 3 } },
        { password: 'a-password-that-must-not-show' },
      );
      const refused = { code: 'UPSTREAM_AUTH', details: { provider: 'IBANERA', retryable: false } };
      const errors = await repeat(20, () => readBalances().catch((error: unknown) => error));
      for (const error of errors) expect(error).toMatchObject(refused);
      expect(logins()).toHaveLength(1);
      await expect(readBalances()).rejects.toMatchObject({ details: { retryAfterSeconds: 30 } });
      expect(logins()).toHaveLength(1);
      clock.advance(stepMs);
      for (let minute = 0; minute < 10; minute += 1) {
        await expect(readBalances()).rejects.toMatchObject(refused);
        clock.advance(minuteMs - 1);
      }
      expect(logins()).toHaveLength(2);
      expect(dataCalls()).toHaveLength(0);
      const { message } = errors[0] as Error;
      expect(message).toContain('IBANERA_USERNAME');
      expect(JSON.stringify(errors.map((error) => [String(error), error]))).not.toMatch(
        /must-not-show|Incorrect/,
      );
    },
  );

  test('that is not made does not use the login budget', async () => {
    const { readBalances, control, clock } = await start({}, { password: 'wrong' });
    for (let readIndex = 0; readIndex < 30; readIndex += 1) {
      await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
    }
    expect(control.calls()).toHaveLength(1);
    const revoked = await start();
    await revoked.readBalances();
    revoked.control.expireTokens();
    for (let readIndex = 0; readIndex < 30; readIndex += 1) {
      await expect(revoked.readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
    }
    revoked.clock.advance(stepMs);
    expect(await revoked.readBalances()).toHaveLength(1);
    expect(revoked.logins()).toHaveLength(2);
    expect(clock.sleeps).toEqual([]);
  });

  test.each(['suppressed', 'not-verified'] as const)(
    'of a customer who is %s is tried once',
    async (standing) => {
      const { readBalances, control, clock, logins } = await start();
      control.setStanding(standing);
      await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
      clock.advance(lockMs - 1);
      await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
      expect(logins()).toHaveLength(1);
      control.setStanding('open');
      clock.advance(1);
      expect(await readBalances()).toHaveLength(1);
    },
  );

  test('while the account is locked reports it, and waits until the lock ends', async () => {
    const { readBalances, control, clock, logins } = await start();
    control.lockLogins();
    await expect(readBalances()).rejects.toMatchObject({ message: expect.stringContaining('locked') });
    await expect(readBalances()).rejects.toMatchObject({ details: { retryAfterSeconds: 600 } });
    clock.advance(lockMs);
    expect(await readBalances()).toHaveLength(1);
    expect(logins()).toHaveLength(2);
  });

  test.each([
    ['a reset', { kind: 'reset' as const }, 'UPSTREAM_UNAVAILABLE'],
    ['HTTP 503', { kind: 'status' as const, status: 503, body: 'html' as const }, 'UPSTREAM_UNAVAILABLE'],
    ['HTTP 429', { kind: 'status' as const, status: 429, body: 'empty' as const }, 'UPSTREAM_RATE_LIMITED'],
    ['half a body', { kind: 'truncated' as const }, 'UPSTREAM_SHAPE'],
  ])('that meets %s is not repeated before the next step', async (_name, fault, code) => {
    const { readBalances, control, clock, logins } = await start();
    control.inject({ ...fault, match: { path: /login/ }, times: 1 });
    const outcomes = await repeat(10, () => readBalances().catch((error: unknown) => error));
    for (const error of outcomes) expect(error).toMatchObject({ code, details: { provider: 'IBANERA' } });
    await expect(readBalances()).rejects.toMatchObject({ code });
    expect(logins()).toHaveLength(1);
    clock.advance(stepMs);
    expect(await readBalances()).toHaveLength(1);
    expect(logins()).toHaveLength(2);
  });

  test('that fails early has no effect while the old token works', async () => {
    const { readBalances, control, clock, logins } = await start();
    await readBalances();
    clock.advance(30 * minuteMs - 20_000);
    control.inject({ kind: 'status', status: 500, body: 'own', match: { path: /login/ } });
    expect(await readBalances()).toHaveLength(1);
    expect(await readBalances()).toHaveLength(1);
    expect(logins()).toHaveLength(2);
  });
});

describe('a token that is refused', () => {
  const answers = ['401-envelope', '401-text', '401-empty', '403-envelope', '400-envelope'] as const;
  test.each(answers)(
    '(as %s) is replaced with one login for all, in a later step',
    async (refusalOfCalls) => {
      const { readBalances, control, clock, logins } = await start({ behaviour: { refusalOfCalls } });
      await readBalances();
      clock.advance(stepMs);
      control.expireTokens();
      expect((await repeat(20, readBalances)).map((rows) => rows.length)).toEqual(Array(20).fill(1));
      expect(logins()).toHaveLength(2);
    },
  );

  test('in the step of its login is not replaced in that step', async () => {
    const { readBalances, control, clock, logins } = await start();
    await readBalances();
    control.expireTokens();
    await expect(readBalances()).rejects.toMatchObject({
      code: 'UPSTREAM_AUTH',
      details: { retryable: true, retryAfterSeconds: 30 },
    });
    expect(logins()).toHaveLength(1);
    clock.advance(stepMs);
    expect(await readBalances()).toHaveLength(1);
    expect(logins()).toHaveLength(2);
  });

  test('right after another one causes no more logins for ten minutes', async () => {
    const { readBalances, control, clock, logins } = await start();
    await readBalances();
    control.inject({ kind: 'status', status: 401, body: 'empty', match: { path: /balances/ } });
    for (let step = 0; step < 10; step += 1) {
      clock.advance(stepMs);
      await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
    }
    expect(logins()).toHaveLength(2);
  });
});

describe('a refusal that lasts', () => {
  test.each([
    ['401-empty', 'UPSTREAM_AUTH'],
    ['403-envelope', 'UPSTREAM_AUTH'],
    ['400-envelope', 'UPSTREAM_AUTH'],
  ] as const)('(as %s) is reported at once if nothing can be tried in time', async (refusalOfCalls, code) => {
    const { readBalances, control, clock, logins } = await start({ behaviour: { refusalOfCalls } });
    control.beforeEachCall(control.expireTokens);
    clock.advance(1_000);
    for (let pollIndex = 0; pollIndex < 60; pollIndex += 1) {
      await expect(readBalances(clock.now() + 10_000)).rejects.toMatchObject({
        code,
        message: expect.stringContaining('Check IBANERA_USERNAME'),
      });
      clock.advance(2_500);
    }
    // No caller waits for a step that is too far away; the login continues for later callers.
    expect(clock.sleeps.filter((ms) => ms > 10_000).length).toBeLessThanOrEqual(1);
    expect(logins()).toHaveLength(2);
  });

  test('as HTTP 403 is a missing permission, not an expired token', async () => {
    const { readBalances, control, clock, logins } = await start();
    await readBalances();
    control.inject({ kind: 'status', status: 403, body: 'empty', match: { path: /balances/ } });
    for (let step = 0; step < 10; step += 1) {
      await expect(readBalances()).rejects.toMatchObject({
        code: 'UPSTREAM_FORBIDDEN',
        message: expect.stringContaining('API principal'),
      });
      clock.advance(stepMs);
    }
    expect(logins()).toHaveLength(2);
  });

  test('of one kind of reads causes one login, even if the others succeed', async () => {
    const { readBalances, control, clock, logins, provider, context } = await start();
    const readTransactions = async () =>
      provider.transactions.get('ASSET')?.page(master, 'newest-first', null, context);
    await readBalances();
    control.inject({ kind: 'status', status: 403, body: 'empty', match: { path: /transactions/ } });
    for (let step = 0; step < 10; step += 1) {
      clock.advance(stepMs);
      await expect(readTransactions()).rejects.toMatchObject({ code: 'UPSTREAM_FORBIDDEN' });
      expect(await readBalances()).toHaveLength(1);
    }
    expect(logins()).toHaveLength(2);
  });
});

describe('one-time codes', () => {
  test('are generated when a request is sent: each retry has the code of its own step', async () => {
    const { readBalances, control, clock, dataCalls } = await start({ behaviour: { codeStepsBackMax: 0 } });
    await readBalances();
    control.inject({
      ...{ kind: 'status', status: 503, body: 'empty', retryAfterSeconds: 4 },
      ...{ match: { path: /balances/ }, times: 1 },
    });
    clock.advance(stepMs - 2_000);
    expect(await readBalances()).toHaveLength(1);
    const [, first, second] = dataCalls();
    expect(first?.otp).toMatch(/^\d{6}$/);
    expect(second?.otp).toMatch(/^\d{6}$/);
    expect(second?.otp).not.toBe(first?.otp);
  });

  test('whose step ends in transit cost a new code but no login', async () => {
    const { readBalances, control, clock, logins, dataCalls } = await start({
      behaviour: { codeStepsBackMax: 0 },
    });
    await readBalances();
    let isLate = true;
    control.beforeEachCall(() => {
      if (isLate) clock.advance(stepMs);
      isLate = false;
    });
    expect(await readBalances()).toHaveLength(1);
    expect([logins().length, dataCalls().length]).toEqual([1, 3]);
  });

  test('that are single-use allow one request per step: correct, but slow', async () => {
    const { readBalances, control, clock, logins } = await start(
      { behaviour: { codesAreSingleUse: true, codeStepsBackMax: 0 } },
      { codesAreSingleUse: true },
    );
    const lists = await repeat(6, readBalances);
    expect(lists.map((rows) => rows[0]?.total?.amount)).toEqual(Array(6).fill('10.50'));
    const calls = control.calls();
    expect(calls.map(({ status }) => status)).toEqual(Array(7).fill(200));
    expect(new Set(calls.map(({ at }) => Math.floor(at / stepMs))).size).toBe(7);
    expect(logins()).toHaveLength(1);
    expect(clock.sleeps).toHaveLength(6);
  });

  test('that turn out to be single-use are noticed: no second login, and every answer is right', async () => {
    const { readBalances, control, logins } = await start({
      behaviour: { codesAreSingleUse: true, codeStepsBackMax: 0 },
    });
    const amounts = async () => (await repeat(6, readBalances)).map((rows) => rows[0]?.total?.amount);
    expect(await amounts()).toEqual(Array(6).fill('10.50'));
    expect(control.calls().some(({ status }) => status === 401)).toBe(true);
    expect(logins()).toHaveLength(1);
    control.resetCalls();
    expect([await amounts(), await amounts()].flat()).toEqual(Array(12).fill('10.50'));
    expect(control.calls().map(({ status }) => status)).toEqual(Array(12).fill(200));
  });

  test('are not blamed for a token that was invalidated before any code was used twice', async () => {
    const { readBalances, control, clock, logins } = await start();
    control.beforeEachCall(() => {
      control.beforeEachCall(null);
      control.expireTokens();
    });
    expect(await readBalances()).toHaveLength(1);
    expect(logins()).toHaveLength(2);
    await readBalances();
    const sleepCount = clock.sleeps.length;
    await repeat(10, readBalances);
    expect(clock.sleeps).toHaveLength(sleepCount);
    expect(logins()).toHaveLength(2);
  });

  test('that are single-use lead to a bounded queue', async () => {
    const { readBalances, control } = await start(
      { behaviour: { codesAreSingleUse: true } },
      { codesAreSingleUse: true },
    );
    await readBalances();
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => readBalances()));
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(20);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED' });
    expect(control.calls().filter(({ status }) => status !== 200)).toEqual([]);
  });
});
