import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancelSignal } from '../../src/domain/cancellation.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** A time that stands still until the test lets it pass. */
export interface HeldClock extends Clock {
  /** Lets so much time pass, wakes who slept until then, and waits for what they do at once. */
  advance(ms: number): Promise<void>;
}

/** Turns of the event loop in which something that was woken comes to rest. */
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
