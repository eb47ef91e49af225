import { AsyncLocalStorage } from 'node:async_hooks';

/** Longest time that a turn is held for more input. */
const heldMsMax = 100;

let waiting: (() => void)[] = [];
let isMoreComing = false;
let heldSinceMs: number | null = null;

/**
 * Runs `act` once the event loop has handed on all input that is there: after it everything that came together goes on
 * together, step by step. What one step needs of the program and its tables is at hand for all of them then; taken one
 * after the other from beginning to end, each finds it pushed out by the steps between (docs/adr/0008-batching-per-tick.md).
 * Who comes alone waits for nothing. `act` runs in nobody's async context, and what it throws is thrown apart.
 */
export function atEndOfTick(act: () => void): void {
  if (waiting.length === 0) setImmediate(endTick);
  waiting.push(act);
}

/**
 * Says that more input may be there than this turn hands on: it goes on into the next one, for a tenth of a second at
 * most. libuv accepts one connection a turn, so that a crowd which waits to be let in must not meet turns full of work.
 */
export function holdTick(): void {
  isMoreComing = true;
  arrivals += 1;
}

let arrivals = 0;
/** Longest time that connections may come in before the next turn of somebody's own. */
const arrivingMsMax = 10;
const ownTicks: (() => void)[] = [];

/**
 * Resolves in a turn of the event loop that nobody else who asks for one is given, first come first served: for work
 * that takes milliseconds, so that all else is not held up by everything that came together.
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

// Bound where the program starts: else all would run in the context of whoever came first.
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
  // Within one callback: Node runs what is resolved in it only afterwards, first things of all first.
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
