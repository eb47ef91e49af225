import type { WantedLedger } from '../data/balances/balance-sources.ts';
import { Cancellation } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext } from '../ports/upstream.ts';
import type { Snapshot } from './snapshot.ts';

/** What lists are polled with. */
export interface PollingOptions {
  readonly clock: Clock;
  /** Longest time of one poll. */
  readonly timeoutMs: number;
  readonly log: LiveLog;
}

/** Reports polls that failed for a reason other than the provider. */
export interface LiveLog {
  error(details: object, message: string): void;
}

/** The caller in the fair queue of the call budget. */
const callerId = 'live';

/** How fresh a read must be for a poll. */
export type Freshness = Pick<ReadContext, 'maxAgeSeconds' | 'freshFromMs'>;

/** Reads one list. */
export interface ListReader<T extends Snapshot> {
  /**
   * Reads the list; `before` is the snapshot before. The snapshot includes failures of the provider; others reject.
   */
  read(context: ReadContext, before: T | null, isNotified: boolean): Promise<T>;
  /** Whether `now` shows nothing new to a watch that was sent `before`; absent if only the watches can tell. */
  isUnchanged?(before: T, now: T): boolean;
}

/** One list, polled once for all subscriptions that watch it. */
export class PolledList<T extends Snapshot = Snapshot> {
  readonly wanted: WantedLedger;
  /** The newest snapshot; null before the first. */
  latest: T | null = null;
  /** When the last poll began, epoch milliseconds; null before the first. */
  polledAtMs: number | null = null;
  /** Whether a webhook has said, since the last poll began, that the list changed. */
  isNotified = false;
  /** Called after each new snapshot that may show a change. */
  readonly listeners = new Set<() => void>();
  readonly #reader: ListReader<T>;
  readonly #options: PollingOptions;
  readonly #ended = new Cancellation();
  #polling: Promise<void> | null = null;

  constructor(wanted: WantedLedger, reader: ListReader<T>, options: PollingOptions) {
    this.wanted = wanted;
    this.#reader = reader;
    this.#options = options;
  }

  /** Calls that a poll takes; 0 for a list that is not polled each time. */
  get callCount(): number {
    return this.latest?.isMissing === true ? 0 : Math.max(1, this.latest?.callCount ?? 1);
  }

  get isPolling(): boolean {
    return this.#polling !== null;
  }

  /** Resolves once there is a snapshot: polls first if there is none, or if the last one failed. */
  async begin(): Promise<void> {
    const state = this.latest?.state;
    if (state === 'OK' || state === 'STALE') return;
    await this.poll({ maxAgeSeconds: null });
  }

  /**
   * Polls the list, or joins the poll in progress, and calls the listeners. A cached read may be used if it is fresh enough.
   */
  poll(freshness: Freshness): Promise<void> {
    this.#polling ??= this.#poll(freshness).finally(() => {
      this.#polling = null;
    });
    return this.#polling;
  }

  /** Cancels a poll in progress: nothing watches the list any more. */
  end(): void {
    this.#ended.abort(new Failure('CANCELLED', 'No subscription watches this list any more.'));
  }

  async #poll(freshness: Freshness): Promise<void> {
    const { clock, timeoutMs, log } = this.#options;
    const beganMs = clock.now();
    this.polledAtMs = beganMs;
    const { isNotified } = this;
    this.isNotified = false;
    const limit = startTimeLimit(timeoutMs, this.#ended);
    const context: ReadContext = {
      ...{
        ...freshness,
        sharesNew: true,
        callerId,
        signal: limit.signal,
        meter: { calls: 0 },
        readings: new Map(),
      },
      deadlineMs: beganMs + timeoutMs,
    };
    try {
      const before = this.latest;
      const snapshot = await this.#reader.read(context, before, isNotified);
      if (this.#ended.aborted) return;
      this.latest = snapshot;
      if (before !== null && this.#reader.isUnchanged?.(before, snapshot) === true) return;
    } catch (error) {
      log.error({ err: error }, 'a watched list could not be read');
      if (this.latest === null) throw error;
      return;
    } finally {
      limit.end();
    }
    for (const listener of [...this.listeners]) listener();
  }
}

/** A signal that aborts after `timeoutMs`, or with `ended`. */
function startTimeLimit(timeoutMs: number, ended: Cancellation) {
  const signal = new Cancellation();
  const onEnded = () => signal.abort(ended.reason);
  const timer = setTimeout(() => {
    const message = `The list was not read after ${timeoutMs} ms (REQUEST_TIMEOUT_MS). It is read again on schedule.`;
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
