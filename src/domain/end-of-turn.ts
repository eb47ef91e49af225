let waiting: (() => void)[] = [];

/**
 * Runs `act`, which must not throw, once the event loop has handed on all input that is there: after it everything that
 * came together goes on together, step by step. What one step needs of the program and its tables is at hand for all of
 * them then; taken one after the other from beginning to end, each finds it pushed out by the steps between, and an
 * answer took a fifth more CPU (docs/performance.md). Who comes alone waits for nothing.
 */
export function atEndOfTurn(act: () => void): void {
  if (waiting.length === 0) setImmediate(endTurn);
  waiting.push(act);
}

function endTurn(): void {
  const acts = waiting;
  waiting = [];
  // Within one callback: Node runs what is resolved in it only afterwards, first things of all first.
  for (const act of acts) act();
}
