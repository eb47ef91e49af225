/** Spreads what one operation resolves over turns of the event loop. */
export interface Turns {
  /** Whether more may be begun in this turn. */
  readonly hasRoom: boolean;
  /** Whether the operation has come to so many objects that those under way are to be held. */
  readonly isLarge: boolean;
  /** Counts objects that are resolved in this turn. */
  take(objectCount: number): void;
  /** Counts an object until it is there: thousands that wait for one read would all go on in one turn. */
  hold(object: Promise<unknown>): void;
  /** Does `work`, which takes what it resolves, in a later turn that has room; first come first served. */
  later<Result>(work: () => Result | PromiseLike<Result>): Promise<Result>;
}

/** About 10 ms of work. No operation of ordinary size comes to more, so that its reads stay together. */
const objectsPerTurn = 1_000;
/** Objects under way. What goes on when they come may be a page to be put in order: about 20 ms. */
const heldMax = 500;
/** Objects of an operation whose later ones are held: a promise more for each would be dear for small ones. */
const largeFrom = 250;

/** For one operation: the dearest that the limits let through held up everybody else for half a second. */
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
