// What the parts of the upstream client report to health checks and metrics.
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.ts';
import type { AccessToken, TokenStore } from '../../../src/ports/token-store.ts';
import type { UpstreamCall, UpstreamObserver } from '../../../src/ports/upstream-telemetry.ts';
import {
  createCallBudget,
  createCallWindow,
  createCircuits,
  createMemoryTokenStore,
  createReadCache,
  createUpstream,
  observeTokenStore,
} from '../../../src/upstream/index.ts';
import { anOperation, aRead } from './a-read.ts';
import { createSteppedClock, settle } from './stepped-clock.ts';

const noRetry = { retriesMax: 0, firstDelayMs: 1, delayMsMax: 1 };

test('a circuit is closed, open during its pause, half open until a probe succeeds, and closed again', async () => {
  const clock = createSteppedClock();
  const circuits = createCircuits(clock);
  const upstream = createUpstream({ clock, circuits, retry: noRetry, random: () => 0 });
  let isDown = true;
  const attempt = async () => {
    if (isDown) throw new Failure('UPSTREAM_UNAVAILABLE', 'down');
    return 'value';
  };
  const ask = () => upstream.read(aRead({ attempt, ledger: 'BANKING' }), anOperation()).catch(() => null);
  const state = () => circuits.reports().map((report) => report.state);
  expect(circuits.reports()).toEqual([]);
  await ask();
  expect(circuits.reports()).toEqual([{ provider: 'UQPAY', routes: 'balances BANKING', state: 'CLOSED' }]);
  for (let round = 0; round < 9; round += 1) await ask();
  expect(state()).toEqual(['OPEN']);
  await clock.advance(1_000);
  expect(state()).toEqual(['HALF_OPEN']);
  isDown = false;
  await ask();
  expect(state()).toEqual(['CLOSED']);
});

test('a budget reports its calls left, its waiting reads and the end of a pause', async () => {
  const clock = createSteppedClock();
  const rate = { callsPerMinute: 2, burst: 2 };
  const budget = createCallBudget(
    'UQPAY',
    createCallWindow(() => rate, clock),
    clock,
  );
  const request = () => ({
    callerId: 'a',
    signal: new AbortController().signal,
    deadlineMs: clock.now() + 90_000,
  });
  expect(budget.report()).toEqual({ callsLeft: 2, waiting: 0, pausedUntilMs: null });
  (await budget.take(request())).spent();
  const last = await budget.take(request());
  const waiting = budget.take(request());
  await settle();
  expect(budget.report()).toEqual({ callsLeft: 0, waiting: 1, pausedUntilMs: null });
  const pausedUntilMs = clock.now() + 7_000;
  last.refused(7);
  expect(budget.report()).toMatchObject({ waiting: 1, pausedUntilMs });
  await clock.advance(61_000);
  (await waiting).spent();
  await clock.advance(61_000);
  expect(budget.report()).toEqual({ callsLeft: 2, waiting: 0, pausedUntilMs: null });
});

test('a read cache reports how much it holds', () => {
  const cache = createReadCache(1_000_000);
  expect(cache.report()).toEqual({ reads: 0, bytes: 0 });
  cache.set('k', { value: 'v', asOfMs: 1 });
  expect(cache.report()).toEqual({ reads: 1, bytes: expect.any(Number) });
});

describe('an observer of upstream calls', () => {
  function anObserver() {
    const seen: unknown[] = [];
    const observer: UpstreamObserver = {
      called: (call: UpstreamCall, outcome, durationMs) => seen.push(['called', call, outcome, durationMs]),
      sent: (provider, waitedMs) => seen.push(['sent', provider, waitedMs]),
      used: (provider, kind, origin) => seen.push(['used', provider, kind, origin]),
      waited: (provider, waitedMs) => seen.push(['waited', provider, waitedMs]),
      refused: (provider, code) => seen.push(['refused', provider, code]),
    };
    return { seen, observer };
  }

  test('is notified of every attempt with its outcome and duration', async () => {
    const clock = createSteppedClock();
    const { seen, observer } = anObserver();
    const upstream = createUpstream({ clock, telemetry: { observer }, random: () => 0 });
    let attemptCount = 0;
    const read = aRead({
      ledger: 'ISSUING',
      async attempt() {
        attemptCount += 1;
        await clock.sleep(40);
        if (attemptCount === 1) throw new Failure('UPSTREAM_TIMEOUT', 'slow', { retryable: true });
        return 'value';
      },
    });
    const reading = upstream.read(read, anOperation());
    await clock.advance(1_000);
    await reading;
    const call = { provider: 'UQPAY', kind: 'balances', ledger: 'ISSUING' };
    expect(seen).toEqual([
      ['called', call, 'UPSTREAM_TIMEOUT', 40],
      ['called', call, 'OK', 40],
      ['used', 'UQPAY', 'balances', 'UPSTREAM'],
    ]);
  });

  test('is notified of a bug of ours without its message', async () => {
    const { seen, observer } = anObserver();
    const upstream = createUpstream({ clock: createSteppedClock(), telemetry: { observer } });
    const attempt = () => Promise.reject(new TypeError('secret'));
    await expect(upstream.read(aRead({ attempt }), anOperation())).rejects.toThrow('secret');
    expect(JSON.stringify(seen)).toContain('INTERNAL');
    expect(JSON.stringify(seen)).not.toContain('secret');
  });

  test('is notified of every token request; the report has the age of the token but not its text', async () => {
    const clock = createSteppedClock();
    const { seen, observer } = anObserver();
    const watched = observeTokenStore(createMemoryTokenStore({ clock, retry: noRetry }), 'UQPAY', clock, {
      observer,
    });
    const times = { issuedAtMs: clock.now(), expiresAtMs: clock.now() + 60_000 };
    const refuse = () => Promise.reject(new Failure('UPSTREAM_AUTH', 'no'));
    expect(await watched.tokenStore.get('credential')).toBeNull();
    expect(watched.reports()).toEqual([]);
    await expect(watched.tokenStore.replace('credential', null, refuse)).rejects.toMatchObject({
      code: 'UPSTREAM_AUTH',
    });
    const token: AccessToken = { text: 'the token', ...times };
    expect(await watched.tokenStore.replace('credential', null, async () => token)).toBe(token);
    expect(await watched.tokenStore.get('credential')).toBe(token);
    expect(watched.reports()).toEqual([{ provider: 'UQPAY', ...times }]);
    const call = { provider: 'UQPAY', kind: 'token', ledger: null };
    expect(seen).toEqual([
      ['called', call, 'UPSTREAM_AUTH', 0],
      ['called', call, 'OK', 0],
    ]);
  });

  test.each([
    ['at hand', (token: AccessToken) => token],
    ['fetched', async (token: AccessToken) => token],
  ])('sees the age of a token that another replica requested, when it is %s', async (_how, hold) => {
    const clock = createSteppedClock();
    const times = { issuedAtMs: clock.now(), expiresAtMs: clock.now() + 60_000 };
    const token: AccessToken = { text: 'the token', ...times };
    const tokenStore: TokenStore = {
      get: () => hold(token),
      replace: () => Promise.reject(new Error('not asked')),
    };
    const watched = observeTokenStore(tokenStore, 'UQPAY', clock, {});
    expect(await watched.tokenStore.get('credential')).toBe(token);
    expect(watched.reports()).toEqual([{ provider: 'UQPAY', ...times }]);
  });
});
