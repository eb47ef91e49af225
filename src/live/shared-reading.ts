import type { WantedLedger } from '../data/balance-sources.ts';
import { Cancellation } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext } from '../ports/upstream.ts';
import type { Look } from './look.ts';

/** What shared lists are read with. */
export interface ReadingParts {
  readonly clock: Clock;
  /** Longest time of one reading. */
  readonly timeoutMs: number;
  readonly log: LiveLog;
}

/** Where readings that went wrong for a reason of ours are reported. */
export interface LiveLog {
  error(details: object, message: string): void;
}

/** Who asks, in the fair queue of the call budget. */
const callerId = 'live';

/** Reads one list. */
export interface ListReader<Seen extends Look> {
  /**
   * Reads the list; `before` is what the last reading gave. Failures of the provider are told in what it gives, all others
   * reject.
   */
  read(context: ReadContext, before: Seen | null, isTold: boolean): Promise<Seen>;
}

/** One list, read once for everybody who watches it. */
export class SharedReading<Seen extends Look = Look> {
  readonly wanted: WantedLedger;
  /** The newest look; null before the first. */
  latest: Seen | null = null;
  /** When the newest look was begun, epoch milliseconds; null before the first. */
  lookedAtMs: number | null = null;
  /** A provider said that the list changed, after the newest look was begun. */
  isTold = false;
  /** Told of each new look. */
  readonly watchers = new Set<() => void>();
  readonly #reader: ListReader<Seen>;
  readonly #parts: ReadingParts;
  readonly #ended = new Cancellation();
  #looking: Promise<void> | null = null;

  constructor(wanted: WantedLedger, reader: ListReader<Seen>, parts: ReadingParts) {
    this.wanted = wanted;
    this.#reader = reader;
    this.#parts = parts;
  }

  /** Calls that a look takes. */
  get callCount(): number {
    return Math.max(1, this.latest?.callCount ?? 1);
  }

  get isLooking(): boolean {
    return this.#looking !== null;
  }

  /** Reads the list for the first time, or anew where the last look failed; whoever comes meanwhile waits for the same. */
  async begin(): Promise<void> {
    const state = this.latest?.state;
    if (state === 'OK' || state === 'STALE') return;
    await this.look(null);
  }

  /**
   * Reads the list, or joins the reading under way, and tells those who watch. `maxAgeSeconds` is the largest age of a read
   * of somebody else that may be used; 0 for none, null for what the configuration allows.
   */
  look(maxAgeSeconds: number | null): Promise<void> {
    this.#looking ??= this.#look(maxAgeSeconds).finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** Nobody watches any more: a reading under way is given up. */
  end(): void {
    this.#ended.abort(new Failure('CANCELLED', 'Nobody watches this list any more.'));
  }

  async #look(maxAgeSeconds: number | null): Promise<void> {
    const { clock, timeoutMs, log } = this.#parts;
    const beganMs = clock.now();
    this.lookedAtMs = beganMs;
    const { isTold } = this;
    this.isTold = false;
    const limit = startTimeLimit(timeoutMs, this.#ended);
    const context: ReadContext = {
      ...{ callerId, maxAgeSeconds, signal: limit.signal, meter: { calls: 0 }, readings: new Map() },
      deadlineMs: beganMs + timeoutMs,
    };
    try {
      const seen = await this.#reader.read(context, this.latest, isTold);
      if (this.#ended.aborted) return;
      this.latest = seen;
    } catch (error) {
      log.error({ err: error }, 'a watched list could not be read');
      if (this.latest === null) throw error;
      return;
    } finally {
      limit.end();
    }
    for (const tell of [...this.watchers]) tell();
  }
}

/** A signal that aborts after `timeoutMs`, or with `ended`. */
function startTimeLimit(timeoutMs: number, ended: Cancellation) {
  const signal = new Cancellation();
  const onEnded = () => signal.abort(ended.reason);
  const timer = setTimeout(() => {
    const message = `The list was not read after ${timeoutMs} ms (REQUEST_TIMEOUT_MS). It is read again at the next turn.`;
    signal.abort(new Failure('UPSTREAM_TIMEOUT', message, { retryable: true }));
  }, timeoutMs);
  timer.unref();
  if (ended.aborted) onEnded();
  else ended.addEventListener('abort', onEnded);
  return {
    signal,
    end() {
      clearTimeout(timer);
      ended.removeEventListener('abort', onEnded);
    },
  };
}
