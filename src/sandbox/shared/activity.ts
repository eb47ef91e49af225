import type { RandomWords } from './random.ts';
import type { Timer } from './timer.ts';

export interface ActivityOptions {
  readonly timer: Timer;
  readonly random: RandomWords;
  /** Shortest and longest time between two changes, in milliseconds. */
  readonly pauseMs: readonly [number, number];
  /** Makes one change. */
  readonly change: () => void;
}

/** Changes are made some 50,000 times, for about a week: rows are kept, and memory must end somewhere. */
const changesMax = 50_000;

/** Changes the data of a sandbox now and then, while it is on. */
export class Activity {
  readonly #options: ActivityOptions;
  #cancel: (() => void) | null = null;
  #changesLeft = changesMax;

  constructor(options: ActivityOptions) {
    this.#options = options;
  }

  set(isOn: boolean): void {
    if (isOn && this.#cancel === null) this.#schedule();
    if (!isOn) {
      this.#cancel?.();
      this.#cancel = null;
    }
  }

  #schedule(): void {
    if (this.#changesLeft === 0) return;
    const { timer, random, pauseMs } = this.#options;
    this.#cancel = timer(random.integer(...pauseMs), () => {
      this.#changesLeft -= 1;
      this.#change();
      this.#schedule();
    });
  }

  #change(): void {
    try {
      this.#options.change();
    } catch (error) {
      // What it was about to change may have been removed through the control interface.
      if (!(error instanceof RangeError)) throw error;
    }
  }
}
