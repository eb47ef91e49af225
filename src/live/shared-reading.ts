import type { WantedLedger } from '../data/balance-sources.ts';
import { toReadBalance } from '../data/balances.ts';
import { readWhole, sharePages } from '../data/shared-pages.ts';
import { toOutcome } from '../data/sources.ts';
import { Cancellation } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { BalanceRepository } from '../ports/provider.ts';
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

/** One list of balances, read once for everybody who watches it. */
export class SharedReading {
  readonly wanted: WantedLedger;
  /** The newest look; null before the first. */
  latest: Look | null = null;
  /** When the newest look was begun, epoch milliseconds; null before the first. */
  lookedAtMs: number | null = null;
  /** A provider said that the list changed, after the newest look was begun. */
  isTold = false;
  /** Told of each new look. */
  readonly watchers = new Set<() => void>();
  readonly #repository: BalanceRepository;
  readonly #parts: ReadingParts;
  readonly #ended = new Cancellation();
  #looking: Promise<void> | null = null;

  constructor(wanted: WantedLedger, repository: BalanceRepository, parts: ReadingParts) {
    this.wanted = wanted;
    this.#repository = repository;
    this.#parts = parts;
  }

  /** Calls that a look takes: the pages that the list had last. */
  get callCount(): number {
    return Math.max(1, this.latest?.source.list.pages.length ?? 1);
  }

  get isLooking(): boolean {
    return this.#looking !== null;
  }

  /** Reads the list for the first time, or anew where the last look failed; whoever comes meanwhile waits for the same. */
  async begin(): Promise<void> {
    const state = this.latest?.source.outcome.state;
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
      const { account, ledger } = this.wanted;
      const list = await readWhole(sharePages(() => this.#repository.list(account.ref, context)));
      if (this.#ended.aborted) return;
      const source = { account, list, outcome: toOutcome(account.ref, ledger, list) };
      const read = list.pages.flatMap((page) =>
        page.value.rows.map((row) => toReadBalance(row, page.asOfMs)),
      );
      this.latest = {
        ...{ source, isTold },
        // What a look could not read to its end is as it was known.
        rows: list.failure === null ? read : (this.latest?.rows ?? read),
        asOfMs: list.pages.reduce((oldest, page) => Math.min(oldest, page.asOfMs), beganMs),
      };
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
