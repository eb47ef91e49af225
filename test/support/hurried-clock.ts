import type { CancelSignal } from '../../src/domain/cancellation.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The system clock, which a test can advance: sleeps that end by then end at once. */
export interface HurriedClock extends Clock {
  advance(ms: number): void;
}

export function createHurriedClock(): HurriedClock {
  let aheadMs = 0;
  const sleepers = new Set<{ readonly untilMs: number; wake(): void }>();
  const now = () => Date.now() + aheadMs;
  return {
    now,
    sleep: (ms: number, signal?: CancelSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const end = () => {
          clearTimeout(timer);
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
        };
        const onAbort = () => {
          end();
          reject(signal?.reason);
        };
        const sleeper = {
          untilMs: now() + ms,
          wake() {
            end();
            resolve();
          },
        };
        const timer = setTimeout(sleeper.wake, ms);
        timer.unref();
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort);
      }),
    advance(ms) {
      aheadMs += ms;
      for (const sleeper of [...sleepers]) if (sleeper.untilMs <= now()) sleeper.wake();
    },
  };
}
