import type { Clock } from '../../../src/ports/clock.ts';

/** A clock that moves only when the test sets it; a sleep advances it at once. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Every sleep so far, in milliseconds. */
  readonly sleeps: readonly number[];
}

export function createManualClock(startMs = 1_800_000_000_000): ManualClock {
  let nowMs = startMs;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
    async sleep(ms, signal) {
      if (signal?.aborted) throw signal.reason;
      sleeps.push(ms);
      nowMs += ms;
      await Promise.resolve();
      if (signal?.aborted) throw signal.reason;
    },
  };
}
