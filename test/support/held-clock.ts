import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancelSignal } from '../../src/domain/cancellation.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until the test advances it. */
export interface HeldClock extends Clock {
  /** Advances the time, wakes sleepers that are due, and waits for what they do immediately. */
  advance(ms: number): Promise<void>;
}

/** Event-loop ticks in which woken code settles. */
const turnsToRest = 20;

export function createHeldClock(startMs: number): HeldClock {
  let nowMs = startMs;
  const sleepers = new Set<{ readonly untilMs: number; wake(): void }>();
  return {
    now: () => nowMs,
    sleep: (ms: number, signal?: CancelSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper = {
          untilMs: nowMs + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort);
      }),
    async advance(ms) {
      nowMs += ms;
      for (const sleeper of [...sleepers]) if (sleeper.untilMs <= nowMs) sleeper.wake();
      for (let turn = 0; turn < turnsToRest; turn += 1) await nextTurn();
    },
  };
}
