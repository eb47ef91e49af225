/** Spreads the work of resolving one operation over several turns of the event loop. */
export interface Turns {
  /** Whether the current turn may start more work. */
  readonly hasRoom: boolean;
  /** Whether the operation has so many objects that those in progress must be counted with `hold`. */
  readonly isLarge: boolean;
  /** Counts objects that are resolved in this turn. */
  take(objectCount: number): void;
  /**
   * Counts an object as in progress until it settles: thousands waiting for one read would otherwise all continue in
   * the same turn.
   */
  hold(object: Promise<unknown>): void;
  /**
   * Runs `work` in a later turn that has room, first come, first served; `work` counts what it resolves with `take`.
   */
  later<Result>(work: () => Result | PromiseLike<Result>): Promise<Result>;
}

/** About 8 ms of work, and several times that where each has a cursor. No operation of ordinary size exceeds it, so its reads stay together. */
const objectsPerTurn = 750;
/** The most objects in progress. Each may continue by sorting a page when it settles: about 20 ms together. */
const heldMax = 500;
/**
 * From this many objects on, an operation counts those in progress; one more promise for each would be costly for small
 * operations.
 */
const largeFrom = 250;

/**
 * Creates the turns of one operation. Without them, the most expensive operation within the limits blocked all other
 * requests for half a second.
 */
export function createTurns(): Turns {
  let taken = 0;
  let held = 0;
  let isLarge = false;
  let isDue = false;
  const waiting: (() => void)[] = [];

  const hasRoom = () => taken < objectsPerTurn && held < heldMax;

  function schedule(): void {
    if (isDue || waiting.length === 0 || held >= heldMax) return;
    isDue = true;
    setImmediate(nextTurn);
  }

  function nextTurn(): void {
    isDue = false;
    taken = 0;
    while (waiting.length > 0 && hasRoom()) waiting.shift()?.();
    schedule();
  }

  function release(): void {
    held -= 1;
    schedule();
  }

  return {
    get hasRoom() {
      return hasRoom();
    },
    get isLarge() {
      return isLarge;
    },
    take(objectCount) {
      taken += objectCount;
      isLarge ||= taken >= largeFrom;
    },
    hold(object) {
      held += 1;
      object.then(release, release);
    },
    later(work) {
      return new Promise((resolve, reject) => {
        waiting.push(() => {
          try {
            resolve(work());
          } catch (error) {
            reject(error);
          }
        });
        schedule();
      });
    },
  };
}
