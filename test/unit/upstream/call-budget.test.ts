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

/** Asks for leave in the name of a caller; what becomes of it is written down. */
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
  test('serves callers in turn when it runs short', async () => {
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

  test('says at once when there can be no call in time, with the seconds', async () => {
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

  test('gives leave at once while there is plenty, but to nobody before those who wait', async () => {
    const { clock, budget } = aBudget(4);
    const wish = (callerId: string) => ({
      callerId,
      signal: new AbortController().signal,
      deadlineMs: clock.now() + 100_000,
    });
    expect(budget.take(wish('a'))).toHaveProperty('spent');
    const second = budget.take(wish('a')) as CallPermit;
    // Less than half is left: in turn from here on.
    const inTurn = [budget.take(wish('a')), budget.take(wish('a'))];
    expect(inTurn).toEqual([expect.any(Promise), expect.any(Promise)]);
    await Promise.all(inTurn);
    const waiting = budget.take(wish('b'));
    expect(waiting).toBeInstanceOf(Promise);
    second.returned();
    // The slot is free again, and is meant for who waits.
    expect(budget.take(wish('c'))).toBeInstanceOf(Promise);
    await expect(waiting).resolves.toHaveProperty('spent');
  });

  test('waits when there will be one in time', async () => {
    const { clock, budget } = aBudget(2);
    const { granted, ask } = createAsker(budget, clock);
    await Promise.all([ask('a'), ask('a')]);
    await clock.advance(55_000);
    void ask('b', 10_000);
    await clock.advance(6_000);
    expect(granted).toEqual(['a', 'a', 'b']);
  });

  test('spreads what is left of a minute, but fails nobody while there is something left', async () => {
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

  test('gives a returned call to who waits', async () => {
    const { clock, budget } = aBudget(1);
    const { granted, ask } = createAsker(budget, clock);
    const permit = await ask('a');
    void ask('b');
    await settle();
    permit?.returned();
    await settle();
    expect(granted).toEqual(['a', 'b']);
  });

  test('forgets who has gone', async () => {
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

  test('waits longer when somebody more patient has joined meanwhile', async () => {
    const { clock, budget } = aBudget(1);
    const { ask } = createAsker(budget, clock);
    await ask('a');
    void ask('a');
    const wish = {
      callerId: 'b',
      signal: new AbortController().signal,
      deadlineMs: clock.now() + 70_000,
    };
    const leave = budget.take(wish);
    await settle();
    wish.deadlineMs = clock.now() + 200_000;
    await clock.advance(122_000);
    await expect(leave).resolves.toHaveProperty('spent');
  });

  test('lets a thousand wait and no more', async () => {
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

  test('shares what is left between those who ask at the same time', async () => {
    const { clock, budget } = aBudget(100);
    const { granted, ask } = createAsker(budget, clock);
    for (const callerId of ['greedy', 'modest']) {
      for (let index = 0; index < 100; index++) void ask(callerId);
    }
    await settle();
    expect(granted.filter((callerId) => callerId === 'modest')).toHaveLength(25);
    expect(granted).toHaveLength(100);
  });

  test('leaves the provider alone for as long as it asks, whoever wants to call', async () => {
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

  test('tries one call at a time after a refusal, later each time, until one is taken', async () => {
    const { clock, budget } = aBudget(100);
    const { granted, ask } = createAsker(budget, clock);
    // Under way together: they speak of one and the same moment.
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
