import { Cancellation } from '../domain/cancellation.ts';
import type { Clock } from '../ports/clock.ts';
import type { Look } from './look.ts';
import type { SharedReading } from './shared-reading.ts';

/** How often watched lists are read. */
export interface Pace {
  /** Share of the calls a minute that readings may use, 0 to 1. */
  readonly budgetShare: number;
  /** Least time between two readings of a list. */
  readonly intervalMinMs: number;
}

export interface RoundOptions {
  readonly clock: Clock;
  readonly pace: Pace;
  /** Calls a minute that the provider allows; null for no limit. */
  readonly callsPerMinute: () => number | null;
  /** Calls of a round of all replicas; null when only this one is known. */
  readonly callsOfAll: () => number | null;
}

/** A list is read out of turn at once, but not oftener than this. */
const soonestMs = 1_000;
/** A reading of somebody else's may be this part of an interval old and count as a look of ours. */
const othersAgeShare = 1 / 2;

/**
 * The watched lists of one provider, read in turn: each once in an interval, spread evenly over it. The interval is what the
 * share of the call budget allows for all of them together.
 */
export class Round {
  readonly #readings = new Set<SharedReading>();
  readonly #options: RoundOptions;
  #isRunning = false;
  /** Wakes the round from its wait: other lists are watched now. */
  #changed = new Cancellation();
  #beganMs = Number.NEGATIVE_INFINITY;

  constructor(options: RoundOptions) {
    this.#options = options;
  }

  /** Adds a list that was read once. */
  add(reading: SharedReading): void {
    if (this.#readings.has(reading)) return;
    this.#readings.add(reading);
    this.#wake();
    if (!this.#isRunning) void this.#run();
  }

  delete(reading: SharedReading): void {
    this.#readings.delete(reading);
    this.#wake();
  }

  /** Reads a list soon, because its provider said that it changed. */
  hurry(reading: SharedReading): void {
    reading.isTold = true;
    this.#wake();
  }

  /** Time between two readings of one list now. */
  intervalMs(): number {
    const { pace, callsPerMinute, callsOfAll } = this.#options;
    const allowed = callsPerMinute();
    if (allowed === null) return pace.intervalMinMs;
    let own = 0;
    for (const reading of this.#readings) own += reading.callCount;
    const calls = Math.max(own, callsOfAll() ?? 0);
    return Math.max(pace.intervalMinMs, (calls / (allowed * pace.budgetShare)) * 60_000);
  }

  /** When a list is read next, epoch milliseconds. */
  dueMs(reading: SharedReading): number {
    const { asOfMs = this.#options.clock.now(), againAtMs = null } = reading.latest ?? {};
    return Math.min(asOfMs + this.intervalMs(), againAtMs ?? Number.POSITIVE_INFINITY);
  }

  #wake(): void {
    this.#changed.abort(null);
    this.#changed = new Cancellation();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const { clock } = this.#options;
    while (this.#readings.size > 0) {
      const next = this.#next();
      const changed = this.#changed;
      const waitMs = next === null ? this.intervalMs() : next.atMs - clock.now();
      if (waitMs > 0) {
        await clock.sleep(waitMs, changed).catch(() => {});
        continue;
      }
      // One that is read out of turn takes nobody's, and wants what was not there before.
      if (next?.isOutOfTurn !== true) this.#beganMs = clock.now();
      const maxAgeSeconds = next?.isOutOfTurn ? 0 : (this.intervalMs() / 1_000) * othersAgeShare;
      next?.reading.look(maxAgeSeconds).then(
        () => this.#wake(),
        () => this.#wake(),
      );
    }
    this.#isRunning = false;
  }

  /** The list whose turn is next, and when; null while all are being read. */
  #next(): Turn | null {
    const intervalMs = this.intervalMs();
    const turnMs = this.#beganMs + intervalMs / this.#readings.size;
    let found: Turn | null = null;
    for (const reading of this.#readings) {
      if (reading.isLooking || reading.latest === null) continue;
      const turn = this.#turnOf(reading, reading.latest, { intervalMs, turnMs });
      if (found === null || turn.atMs < found.atMs) found = turn;
    }
    return found;
  }

  #turnOf(
    reading: SharedReading,
    { asOfMs, againAtMs }: Look,
    { intervalMs, turnMs }: { readonly intervalMs: number; readonly turnMs: number },
  ): Turn {
    const lookedAtMs = reading.lookedAtMs ?? 0;
    // From the look, not from what it gave: one that failed gave nothing newer.
    const sinceMs = Math.max(asOfMs, lookedAtMs - intervalMs * othersAgeShare);
    const inTurn = { reading, atMs: Math.max(turnMs, sinceMs + intervalMs), isOutOfTurn: false };
    const wantedMs = reading.isTold ? lookedAtMs : againAtMs;
    if (wantedMs === null) return inTurn;
    const atMs = Math.max(wantedMs, lookedAtMs + soonestMs);
    return atMs < inTurn.atMs || reading.isTold ? { reading, atMs, isOutOfTurn: true } : inTurn;
  }
}

/** When a list is read next. */
interface Turn {
  readonly reading: SharedReading;
  readonly atMs: number;
  /** Whether it is read before its turn: something is known to have changed, or to be known by then. */
  readonly isOutOfTurn: boolean;
}
