import type { Timer } from '../../src/sandbox/shared/timer.ts';

/** A clock and a timer for a sandbox that stand still until the test advances them. */
export interface HeldTimer {
  readonly now: () => number;
  readonly timer: Timer;
  /** The remaining delays of all timers, in milliseconds, shortest first. */
  waits(): readonly number[];
  /** Advances the time, and runs the timers that are due, in order. */
  advance(ms: number): void;
}

export function createHeldTimer(startMs: number): HeldTimer {
  let nowMs = startMs;
  const waiting = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const inOrder = () => [...waiting].sort((a, b) => a.atMs - b.atMs);
  return {
    now: () => nowMs,
    timer(ms, run) {
      const entry = { atMs: nowMs + ms, run };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    waits: () => inOrder().map(({ atMs }) => atMs - nowMs),
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = inOrder();
        if (next === undefined || next.atMs > untilMs) break;
        waiting.delete(next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
}
