// Replicas that lose Redis at the same moment: what they take alone, with what was taken before, stays within the rate.
import { expect, test } from '@jest/globals';
import { windowMs } from '../../../../src/upstream/index.ts';
import { createOfflineWindow } from '../../../../src/upstream/redis/offline-window.ts';
import { ageGroups } from '../../../../src/upstream/redis/slot-script.ts';
import fc from '../../../support/fast-check.ts';
import { createSteppedClock } from '../stepped-clock.ts';

const startMs = Date.UTC(2026, 5, 15, 8);
const groupMs = windowMs / ageGroups;

function toGroups(takenMs: readonly number[], nowMs: number): number[] {
  const groups = Array.from({ length: ageGroups }, () => 0);
  for (const atMs of takenMs) {
    const group = Math.floor((nowMs - atMs) / groupMs);
    if (group < ageGroups) groups[group] = (groups[group] ?? 0) + 1;
  }
  return groups;
}

function mostInAMinute(timesMs: readonly number[]): number {
  return Math.max(
    0,
    ...timesMs.map((from) => timesMs.filter((at) => at >= from && at < from + 60_000).length),
  );
}

const steps = fc.array(
  fc.record({
    pauseMs: fc.integer({ min: 0, max: 15_000 }),
    replica: fc.nat(3),
    wishes: fc.integer({ min: 1, max: 60 }),
  }),
  { minLength: 1, maxLength: 40 },
);

test('replicas alone together never take more in a minute than the provider allows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: windowMs }), { maxLength: 60 }),
      fc.integer({ min: 4, max: 60 }),
      steps,
      async (agesMs, callsPerMinute, then) => {
        const clock = createSteppedClock(startMs);
        const before = agesMs.slice(0, callsPerMinute).map((ageMs) => startMs - ageMs);
        const rate = { callsPerMinute, burst: callsPerMinute };
        const seen = { atMs: startMs, groups: toGroups(before, startMs) };
        const replicas = [0, 1, 2, 3].map(() => createOfflineWindow(rate, () => 4, clock));
        for (const replica of replicas) replica.startFrom(seen);
        const takenMs = [...before];
        for (const { pauseMs, replica, wishes } of then) {
          await clock.advance(pauseMs);
          for (let wish = 0; wish < wishes; wish += 1) {
            const slot = await replicas[replica]?.take(true);
            if (slot !== undefined && 'ticket' in slot) takenMs.push(clock.now());
            else expect(slot?.waitMs).toBeGreaterThan(0);
          }
        }
        expect(mostInAMinute(takenMs)).toBeLessThanOrEqual(callsPerMinute);
      },
    ),
    { numRuns: 60 },
  );
});

test('a replica alone for a minute has its whole share', async () => {
  const clock = createSteppedClock(startMs);
  const rate = { callsPerMinute: 200, burst: 150 };
  const offline = createOfflineWindow(rate, () => 4, clock);
  offline.startFrom({ atMs: startMs, groups: [200] });
  expect(await offline.take(true)).toMatchObject({ because: 'SPENT', waitMs: windowMs });
  await clock.advance(windowMs);
  let takenCount = 0;
  while ('ticket' in (await offline.take(true))) takenCount += 1;
  expect(takenCount).toBe(50);
});
