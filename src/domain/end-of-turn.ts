import { AsyncLocalStorage } from 'node:async_hooks';

let waiting: (() => void)[] = [];

/**
 * Runs `act` once the event loop has handed on all input that is there: after it everything that came together goes on
 * together, step by step. What one step needs of the program and its tables is at hand for all of them then; taken one
 * after the other from beginning to end, each finds it pushed out by the steps between (docs/adr/0008-turns-together.md).
 * Who comes alone waits for nothing. `act` runs in nobody's async context, and what it throws is thrown apart.
 */
export function atEndOfTurn(act: () => void): void {
  if (waiting.length === 0) setImmediate(endTurn);
  waiting.push(act);
}

// Bound where the program starts: else all would run in the context of whoever came first.
const endTurn = AsyncLocalStorage.bind(() => {
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
