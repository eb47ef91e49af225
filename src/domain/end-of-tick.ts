import { AsyncLocalStorage } from 'node:async_hooks';

/** Longest time that a tick is held for more input. */
const heldMsMax = 100;

let waiting: (() => void)[] = [];
let isMoreComing = false;
let heldSinceMs: number | null = null;

/**
 * Defers `act` to one `setImmediate` that it shares with everything else deferred in this tick, so that concurrent
 * requests run in lockstep: each step runs for all of them while its code and data are in the CPU's caches, instead of
 * each request running from start to end (docs/adr/0008-batching-per-tick.md). A single request is not delayed. `act`
 * runs outside of any async context; an error it throws becomes an uncaught exception and does not stop the others.
 */
export function atEndOfTick(act: () => void): void {
  if (waiting.length === 0) setImmediate(endTick);
  waiting.push(act);
}

/**
 * Holds the deferred work for another tick, because more input may be waiting; for a tenth of a second at most. libuv
 * accepts one connection per tick, so when many connections arrive at once, ticks full of work would delay them.
 */
export function holdTick(): void {
  isMoreComing = true;
  arrivals += 1;
}

let arrivals = 0;
/** Longest time that arriving connections may delay the next tick of a caller's own. */
const arrivingMsMax = 10;
const ownTicks: (() => void)[] = [];

/**
 * Resolves in a tick of the event loop that no other caller of `ownTick` gets, first come first served. It is for work
 * that takes milliseconds: if many such tasks ran in one tick, everything else would wait for all of them.
 */
export function ownTick(): Promise<void> {
  return new Promise((resolve) => {
    ownTicks.push(resolve);
    if (ownTicks.length === 1) scheduleOwnTick();
  });
}

function scheduleOwnTick(): void {
  const sinceMs = performance.now();
  let seen = arrivals;
  const next = () => {
    if (arrivals !== seen && performance.now() - sinceMs < arrivingMsMax) {
      seen = arrivals;
      setImmediate(next);
      return;
    }
    ownTicks.shift()?.();
    if (ownTicks.length > 0) scheduleOwnTick();
  };
  setImmediate(next);
}

// Bound at start-up: otherwise everything would run in the async context of the first request.
const endTick = AsyncLocalStorage.bind(() => {
  if (isMoreComing) {
    isMoreComing = false;
    heldSinceMs ??= performance.now();
    if (performance.now() - heldSinceMs < heldMsMax) {
      setImmediate(endTick);
      return;
    }
  }
  heldSinceMs = null;
  const acts = waiting;
  waiting = [];
  // All in one callback: promises resolved in it continue only afterwards, each step for all of them in turn.
  for (const act of acts) {
    try {
      act();
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  }
});
