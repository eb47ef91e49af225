import { describe, expect, test } from '@jest/globals';
import { createCallWindow, createOpenCallWindow, toCallRate } from '../../../src/upstream/index.ts';
import fc from '../../support/fast-check.ts';
import { createSteppedClock } from './stepped-clock.ts';

const startMs = Date.UTC(2026, 5, 15, 8);

/** Most slots in any one minute, wherever it starts. */
function mostInAMinute(timesMs: readonly number[]): number {
  return Math.max(
    0,
    ...timesMs.map((from) => timesMs.filter((at) => at >= from && at < from + 60_000).length),
  );
}

describe('a call window', () => {
  test('never gives more slots in any minute than the provider allows', async () => {
    const wishes = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 40 }), fc.boolean()),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        wishes,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (steps, limit, operation) => {
          const clock = createSteppedClock(startMs);
          const window = createCallWindow(() => toCallRate(limit, operation), clock);
          const takenMs: number[] = [];
          for (const [pauseMs, wishCount, isHasty] of steps) {
            await clock.advance(pauseMs);
            for (let wish = 0; wish < wishCount; wish++) {
              const slot =
                isHasty && window.takeAtOnce() !== null ? { ticket: '' } : await window.take(false);
              if ('ticket' in slot) takenMs.push(clock.now());
              else expect(slot.waitMs).toBeGreaterThan(0);
            }
          }
          expect(mostInAMinute(takenMs)).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('gives a burst first, and spreads the rest over the minute without a gap of ten seconds', async () => {
    const clock = createSteppedClock(startMs);
    const window = createCallWindow(() => ({ callsPerMinute: 200, burst: 100 }), clock);
    const takenMs: number[] = [];
    while (clock.now() < startMs + 180_000) {
      const slot = await window.take(false);
      if ('ticket' in slot) takenMs.push(clock.now() - startMs);
      else await clock.advance(slot.waitMs);
    }
    expect(takenMs.slice(0, 100).every((ms) => ms === 0)).toBe(true);
    const gaps = takenMs.slice(1).map((ms, index) => ms - (takenMs[index] as number));
    expect(Math.max(...gaps)).toBeLessThan(10_000);
    // All that is allowed in three windows is used, but for the last paced ones.
    expect(takenMs.length).toBeGreaterThan(560);
    expect(mostInAMinute(takenMs)).toBeLessThanOrEqual(200);
  });

  test('gives at most half of the burst synchronously', async () => {
    const clock = createSteppedClock(startMs);
    const window = createCallWindow(() => ({ callsPerMinute: 200, burst: 6 }), clock);
    const tickets = Array.from({ length: 5 }, () => window.takeAtOnce());
    expect(tickets.map((ticket) => ticket !== null)).toEqual([true, true, true, false, false]);
    expect(await window.take(false)).toHaveProperty('ticket');
    window.giveBack(tickets[0] as string);
    window.giveBack(tickets[1] as string);
    expect(window.takeAtOnce()).not.toBeNull();
    await clock.advance(61_000);
    window.pause(7_000);
    expect(window.takeAtOnce()).toBeNull();
    await clock.advance(7_000);
    expect(window.takeAtOnce()).not.toBeNull();
  });

  test('says exactly when the next slot is free', async () => {
    const clock = createSteppedClock(startMs);
    const window = createCallWindow(() => ({ callsPerMinute: 1, burst: 1 }), clock);
    await window.take(false);
    const slot = await window.take(false);
    expect(slot).toEqual({ waitMs: 61_000, because: 'SPENT' });
    await clock.advance(60_999);
    expect(await window.take(false)).not.toHaveProperty('ticket');
    await clock.advance(1);
    expect(await window.take(false)).toHaveProperty('ticket');
  });

  test('frees a slot that is given back', async () => {
    const window = createCallWindow(() => ({ callsPerMinute: 1, burst: 1 }), createSteppedClock(startMs));
    const slot = await window.take(false);
    if ('ticket' in slot) window.giveBack(slot.ticket);
    expect(await window.take(false)).toHaveProperty('ticket');
  });

  test('gives back the right slot, even after older ones have expired', async () => {
    const clock = createSteppedClock(startMs);
    const window = createCallWindow(() => ({ callsPerMinute: 4, burst: 4 }), clock);
    const tickets: string[] = [];
    for (const atSecond of [0, 20, 40, 60]) {
      await clock.advance(startMs + atSecond * 1_000 - clock.now());
      const slot = await window.take(false);
      if ('ticket' in slot) tickets.push(slot.ticket);
    }
    await clock.advance(2_000);
    const [first, second, third, fourth] = tickets;
    expect(window.taken().map(({ ticket }) => ticket)).toEqual([second, third, fourth]);
    for (const ticket of [first, third]) window.giveBack(ticket as string);
    expect(window.taken().map(({ ticket }) => ticket)).toEqual([second, fourth]);
  });

  test('gives no slot during a pause, and never pauses for longer than a minute', async () => {
    const clock = createSteppedClock(startMs);
    const window = createCallWindow(() => ({ callsPerMinute: 10, burst: 10 }), clock);
    window.pause(7_000);
    expect(await window.take(false)).toEqual({ waitMs: 7_000, because: 'ASKED_TO_WAIT' });
    window.pause(86_400_000);
    expect(await window.take(false)).toEqual({ waitMs: 61_000, because: 'ASKED_TO_WAIT' });
  });

  test('still counts every slot when the clock is set back', async () => {
    const clock = createSteppedClock(startMs);
    const window = createCallWindow(() => ({ callsPerMinute: 1, burst: 1 }), clock);
    await window.take(false);
    await clock.advance(-300_000);
    expect(await window.take(false)).toEqual({ waitMs: 61_000, because: 'SPENT' });
  });
});

describe('a window without a limit', () => {
  test('gives every slot at once, except during a pause of at most a minute', async () => {
    const clock = createSteppedClock(startMs);
    const window = createOpenCallWindow(clock);
    for (let call = 0; call < 2_000; call++) expect(await window.take(false)).toHaveProperty('ticket');
    expect(window.takeAtOnce()).not.toBeNull();
    window.pause(7_000);
    expect(window.takeAtOnce()).toBeNull();
    expect(await window.take(true)).toEqual({ waitMs: 7_000, because: 'ASKED_TO_WAIT' });
    window.pause(86_400_000);
    expect(await window.take(false)).toEqual({ waitMs: 61_000, because: 'ASKED_TO_WAIT' });
    await clock.advance(61_000);
    expect(await window.take(false)).toHaveProperty('ticket');
  });
});

test.each([
  [200, 100, 150],
  [200, 180, 180],
  [500, 100, 375],
  [60, 100, 60],
  [1, 100, 1],
])('of %d calls a minute, where an operation may make %d, a burst is %d', (limit, operation, burst) => {
  expect(toCallRate(limit, operation).burst).toBe(burst);
});
