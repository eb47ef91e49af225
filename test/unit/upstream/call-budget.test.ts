import { describe, expect, test } from '@jest/globals';
import {
  type CallBudget,
  type CallPermit,
  createCallBudget,
  createCallWindow,
} from '../../../src/upstream/index.ts';
import { createSteppedClock, type SteppedClock, settle } from './stepped-clock.ts';

function aBudget(callsPerMinute: number, burst = callsPerMinute) {
  const clock = createSteppedClock();
  const budget = createCallBudget(
    'UQPAY',
    createCallWindow(() => ({ callsPerMinute, burst }), clock),
    clock,
  );
  return { clock, budget };
}

/** Requests a permit for a caller and records the outcome. */
function createAsker(budget: CallBudget, clock: SteppedClock) {
  const granted: string[] = [];
  const refused: unknown[] = [];
  const ask = (
    callerId: string,
    timeLeftMs = Number.POSITIVE_INFINITY,
    signal = new AbortController().signal,
  ) =>
    Promise.resolve(budget.take({ callerId, signal, deadlineMs: clock.now() + timeLeftMs })).then(
      (permit) => {
        granted.push(callerId);
        return permit;
      },
      (error: unknown) => {
        refused.push(error);
        return null;
      },
    );
  return { granted, refused, ask };
}

describe('a call budget', () => {
  test('alternates between callers when few calls are left', async () => {
    const { clock, budget } = aBudget(120, 1);
    const { granted, ask } = createAsker(budget, clock);
    await ask('greedy');
    for (let index = 0; index < 20; index++) void ask('greedy');
    void ask('modest');
    void ask('other');
    void ask('modest');
    await clock.advance(61_000);
    expect(granted.slice(1, 7)).toEqual(['greedy', 'modest', 'other', 'greedy', 'modest', 'greedy']);
  });

  test('counts a call that was made late, after its token had come, from when it was made', async () => {
    const { clock, budget } = aBudget(3);
    const { granted, ask } = createAsker(budget, clock);
    const permits = await Promise.all([ask('a'), ask('a'), ask('a')]);
    await clock.advance(5_000);
    for (const permit of permits) permit?.spent();
    for (let index = 0; index < 3; index++) void ask('b');
    await clock.advance(60_000);
    expect(granted).toHaveLength(3);
    await clock.advance(1_000);
    expect(granted).toHaveLength(6);
  });

  test('fails at once, with retryAfterSeconds, when no call is possible before the deadline', async () => {
    const { clock, budget } = aBudget(2);
    const { granted, refused, ask } = createAsker(budget, clock);
    await Promise.all([ask('a'), ask('a'), ask('a', 10_000)]);
    await ask('b', 10_000);
    expect(granted).toHaveLength(2);
    const exhausted = {
      code: 'UPSTREAM_BUDGET_EXHAUSTED',
      details: { retryable: true, retryAfterSeconds: 61 },
    };
    expect(refused).toMatchObject([exhausted, exhausted]);
  });

  test('gives permits at once while many are left, but not ahead of waiting callers', async () => {
    const { clock, budget } = aBudget(4);
    const request = (callerId: string) => ({
      callerId,
      signal: new AbortController().signal,
      deadlineMs: clock.now() + 100_000,
    });
    expect(budget.take(request('a'))).toHaveProperty('spent');
    const second = budget.take(request('a')) as CallPermit;
    // Less than half is left: from here on permits go through the queue.
    const inTurn = [budget.take(request('a')), budget.take(request('a'))];
    expect(inTurn).toEqual([expect.any(Promise), expect.any(Promise)]);
    await Promise.all(inTurn);
    const waiting = budget.take(request('b'));
    expect(waiting).toBeInstanceOf(Promise);
    second.returned();
    // The slot is free again, and goes to the waiting caller.
    expect(budget.take(request('c'))).toBeInstanceOf(Promise);
    await expect(waiting).resolves.toHaveProperty('spent');
  });

  test('waits when a call will be possible before the deadline', async () => {
    const { clock, budget } = aBudget(2);
    const { granted, ask } = createAsker(budget, clock);
    await Promise.all([ask('a'), ask('a')]);
    await clock.advance(55_000);
    void ask('b', 10_000);
    await clock.advance(6_000);
    expect(granted).toEqual(['a', 'a', 'b']);
  });

  test('spreads the remaining calls over the minute, but refuses none while there are any', async () => {
    const { clock, budget } = aBudget(200, 150);
    const { granted, refused, ask } = createAsker(budget, clock);
    await Promise.all(Array.from({ length: 150 }, () => ask('a', 10_000)));
    for (let index = 0; index < 50; index++) void ask('b', 10_000);
    await settle();
    expect(granted.length).toBeLessThan(160);
    await clock.advance(9_500);
    expect([granted.length, refused.length]).toEqual([200, 0]);
    await ask('c', 10_000);
    expect(refused).toMatchObject([{ code: 'UPSTREAM_BUDGET_EXHAUSTED' }]);
  });

  test('gives a returned call to a waiting caller', async () => {
    const { clock, budget } = aBudget(1);
    const { granted, ask } = createAsker(budget, clock);
    const permit = await ask('a');
    void ask('b');
    await settle();
    permit?.returned();
    await settle();
    expect(granted).toEqual(['a', 'b']);
  });

  test('drops callers who have disconnected', async () => {
    const { clock, budget } = aBudget(1);
    const { granted, refused, ask } = createAsker(budget, clock);
    await ask('a');
    const leaving = new AbortController();
    void ask('gone', Number.POSITIVE_INFINITY, leaving.signal);
    void ask('b');
    await settle();
    leaving.abort();
    await clock.advance(61_000);
    expect(granted).toEqual(['a', 'b']);
    expect(refused).toMatchObject([{ code: 'CANCELLED' }]);
  });

  test('waits longer when a caller with a later deadline has joined', async () => {
    const { clock, budget } = aBudget(1);
    const { ask } = createAsker(budget, clock);
    await ask('a');
    void ask('a');
    const request = {
      callerId: 'b',
      signal: new AbortController().signal,
      deadlineMs: clock.now() + 70_000,
    };
    const leave = budget.take(request);
    await settle();
    request.deadlineMs = clock.now() + 200_000;
    await clock.advance(122_000);
    await expect(leave).resolves.toHaveProperty('spent');
  });

  test('queues at most a thousand requests', async () => {
    const { clock, budget } = aBudget(1);
    const { refused, ask } = createAsker(budget, clock);
    await ask('a');
    for (let index = 0; index < 1_001; index++) void ask('b');
    await settle();
    expect(refused).toMatchObject([{ code: 'UPSTREAM_BUDGET_EXHAUSTED' }]);
  });

  test('makes one call at a time after a refusal, however many slots are free', async () => {
    const { clock, budget } = aBudget(100);
    const { granted, ask } = createAsker(budget, clock);
    (await ask('a'))?.refused(1);
    await clock.advance(1_000);
    const asked = Array.from({ length: 10 }, () => ask('b'));
    await settle();
    expect(granted).toEqual(['a', 'b']);
    (await asked[0])?.spent();
    await settle();
    expect(granted).toHaveLength(11);
  });

  test('divides the remaining calls between concurrent callers', async () => {
    const { clock, budget } = aBudget(100);
    const { granted, ask } = createAsker(budget, clock);
    for (const callerId of ['greedy', 'modest']) {
      for (let index = 0; index < 100; index++) void ask(callerId);
    }
    await settle();
    expect(granted.filter((callerId) => callerId === 'modest')).toHaveLength(25);
    expect(granted).toHaveLength(100);
  });

  test('makes no call during a pause that the provider asked for, for any caller', async () => {
    const { clock, budget } = aBudget(100);
    const { granted, refused, ask } = createAsker(budget, clock);
    (await ask('a'))?.refused(30);
    await ask('b', 10_000);
    expect(refused).toMatchObject([{ code: 'UPSTREAM_RATE_LIMITED', details: { retryAfterSeconds: 30 } }]);
    void ask('c');
    await clock.advance(29_999);
    expect(granted).toEqual(['a']);
    await clock.advance(1);
    expect(granted).toEqual(['a', 'c']);
  });

  test('makes one call at a time after a refusal, with growing pauses, until one succeeds', async () => {
    const { clock, budget } = aBudget(100);
    const { granted, ask } = createAsker(budget, clock);
    // These calls were concurrent, so together they count as one refusal.
    const together = await Promise.all([ask('a'), ask('a'), ask('a')]);
    for (const permit of together) permit?.refused(null);
    const waiting = Array.from({ length: 10 }, () => ask('b'));
    await clock.advance(999);
    expect(granted).toHaveLength(3);
    await clock.advance(1);
    expect(granted).toHaveLength(4);
    (await waiting[0])?.refused(null);
    await clock.advance(1_999);
    expect(granted).toHaveLength(4);
    await clock.advance(1);
    expect(granted).toHaveLength(5);
    (await waiting[1])?.spent();
    await settle();
    expect(granted).toHaveLength(13);
  });
});
