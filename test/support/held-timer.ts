import type { Timer } from '../../src/sandbox/shared/timer.ts';

/** A clock and a timer of a sandbox that stand still until the test lets time pass. */
export interface HeldTimer {
  readonly now: () => number;
  readonly timer: Timer;
  /** How long each of those that wait has to wait, in milliseconds, the shortest first. */
  waits(): readonly number[];
  /** Lets so much time pass, and runs what was to run in it, in order. */
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
