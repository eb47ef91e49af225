/** Events that are executed in one turn of the event loop: about 10 ms of work. */
const eventsPerTurn = 20;

const waiting: (() => void)[] = [];
let isDue = false;

/**
 * Resolves in a turn of the event loop that has room for another event, first come first served. One reading wakes
 * all subscriptions to a list: without this, a thousand events in one turn delayed all other work until they were
 * done.
 */
export function eventTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    schedule();
  });
}

function schedule(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(() => {
    isDue = false;
    for (const resolve of waiting.splice(0, eventsPerTurn)) resolve();
    if (waiting.length > 0) schedule();
  });
}
