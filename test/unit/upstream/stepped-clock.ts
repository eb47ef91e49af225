import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../src/ports/clock.ts';

/** A clock that stands still until the test advances it; sleeps end in order, exactly when they are due. */
export interface SteppedClock extends Clock {
  /** Advances the time, ends the sleeps that are due in order, and lets the code after each run. */
  advance(ms: number): Promise<void>;
}

export function createSteppedClock(startMs = Date.UTC(2026, 5, 15, 8, 0, 10)): SteppedClock {
  let nowMs = startMs;
  const sleepers = new Set<{ readonly atMs: number; wake(): void }>();

  function nextBefore(endMs: number) {
    const due = [...sleepers].filter(({ atMs }) => atMs <= endMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }

  return {
    now: () => nowMs,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = {
          atMs: nowMs + ms,
          wake() {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', onAbort);
      });
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let next = nextBefore(endMs); next !== undefined; next = nextBefore(endMs)) {
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

/** Runs everything that needs no time to pass. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}
