// An earlier read replaces one that takes long while there is trouble; the read itself continues.
import { expect, test } from '@jest/globals';
import { Cancellation } from '../../../src/domain/cancellation.ts';
import { Failure } from '../../../src/domain/failure.ts';
import {
  createCallBudget,
  createCallWindow,
  createReadCache,
  createUpstream,
} from '../../../src/upstream/index.ts';
import { anOperation, aRead } from './a-read.ts';
import { createSteppedClock, settle } from './stepped-clock.ts';

function setUp({ isAway = (): boolean => false, callsPerMinute = 1_000 } = {}) {
  const clock = createSteppedClock();
  let latencyMs = 50;
  let callCount = 0;
  const read = aRead({
    async attempt(signal) {
      callCount += 1;
      const value = `value ${callCount}`;
      const waiting = new AbortController();
      signal.addEventListener('abort', () => waiting.abort());
      await clock.sleep(latencyMs, waiting.signal).catch(() => {
        throw new Failure('CANCELLED', 'nobody waits');
      });
      return value;
    },
  });
  const window = createCallWindow(() => ({ callsPerMinute, burst: callsPerMinute }), clock);
  const budget = createCallBudget('UQPAY', window, clock);
  const upstream = createUpstream({
    clock,
    cache: createReadCache(1_000_000),
    ttls: { maxAgeSeconds: { accounts: 5, balances: 5, transactions: 5, rates: 5 }, staleMaxAgeSeconds: 60 },
    staleAfterMs: 500,
    isSharedCacheAway: isAway,
    budgetOf: () => budget,
  });
  const ask = (signal = new Cancellation()) =>
    upstream.read(read, anOperation({ signal, deadlineMs: clock.now() + 10_000 }));
  return {
    clock,
    ask,
    callCount: () => callCount,
    async warm() {
      const reading = ask();
      await clock.advance(50);
      await reading;
      await clock.advance(6_000);
    },
    slow(ms: number) {
      latencyMs = ms;
    },
  };
}

const early = { value: 'value 1', staleBecause: { code: 'UPSTREAM_TIMEOUT' } };

test('a provider that hangs: the earlier read comes after 500 ms, and the next caller gets what was read', async () => {
  const { clock, ask, warm, slow, callCount } = setUp();
  await warm();
  slow(3_000);
  const reading = ask();
  await clock.advance(500);
  expect(await reading).toMatchObject(early);
  const second = ask();
  await clock.advance(500);
  expect(await second).toMatchObject(early);
  await clock.advance(2_500);
  expect(await ask()).toMatchObject({ value: 'value 2', staleBecause: null });
  expect(callCount()).toBe(2);
});

test('a provider that is always slow is waited for', async () => {
  const { clock, ask, slow, callCount } = setUp();
  slow(900);
  const first = ask();
  await clock.advance(900);
  await first;
  await clock.advance(6_000);
  const reading = ask();
  await clock.advance(900);
  expect(await reading).toMatchObject({ value: 'value 2', staleBecause: null });
  expect(callCount()).toBe(2);
});

test('while Redis is away, a call that takes longer than 500 ms is not waited for', async () => {
  const { clock, ask, slow } = setUp({ isAway: () => true });
  slow(900);
  const first = ask();
  await clock.advance(900);
  await first;
  await clock.advance(6_000);
  const reading = ask();
  await clock.advance(500);
  expect(await reading).toMatchObject(early);
});

test('an earlier read that becomes too old within the 500 ms is not missed: the caller waits on', async () => {
  const { clock, ask, warm, slow } = setUp({ isAway: () => true });
  await warm();
  await clock.advance(53_700);
  slow(900);
  const reading = ask();
  await clock.advance(900);
  expect(await reading).toMatchObject({ value: 'value 2', staleBecause: null });
});

test('a call that waits for the budget, without trouble, is waited for', async () => {
  const { clock, ask, warm } = setUp({ callsPerMinute: 1 });
  await warm();
  await clock.advance(50_000);
  const reading = ask();
  await clock.advance(6_000);
  expect(await reading).toMatchObject({ value: 'value 2', staleBecause: null });
});

test('a caller who leaves early takes the read along, and one who was answered does not', async () => {
  const { clock, ask, warm, slow, callCount } = setUp();
  await warm();
  slow(3_000);
  const leaving = new Cancellation();
  const left = ask(leaving).catch(({ code }) => code);
  await clock.advance(100);
  leaving.abort(undefined);
  expect(await left).toBe('CANCELLED');
  await settle();
  const answered = new Cancellation();
  const reading = ask(answered);
  await clock.advance(500);
  expect(await reading).toMatchObject(early);
  answered.abort(undefined);
  await clock.advance(2_600);
  expect(await ask()).toMatchObject({ value: 'value 3', staleBecause: null });
  expect(callCount()).toBe(3);
});
