import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext, Reading } from '../ports/upstream.ts';
import { toAbortFailure } from './abort-failure.ts';

/** Those who wait for one flight, as the flight sees them. */
export interface Waiters {
  /** Aborts when the last of them has gone. */
  readonly signal: CancelSignal;
  /** When the most patient of them stops waiting, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Those who are there, the longest waiting first. */
  readonly members: ReadonlySet<ReadContext>;
  /** Set while the flight waits for leave to call: what a deadline that passes meanwhile means. */
  blockedBy: (() => Failure) | null;
}

/** A reading from a flight, and whether somebody else had begun it, and when. */
export interface SharedReading<T> {
  readonly reading: Reading<T>;
  readonly isShared: boolean;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
}

/** Reads that are under way, by read key. */
export interface InFlightReads {
  /**
   * Waits for the flight of `key`, begun by `start` unless one is under way that does for `context`. Each caller
   * waits until its own signal aborts; the flight is cancelled when all have gone. Nothing is kept of a flight
   * that has ended.
   */
  share<T>(
    key: string,
    context: ReadContext,
    start: (waiters: Waiters) => Promise<Reading<T>>,
  ): Promise<SharedReading<T>>;
}

/** Never settles. */
const nowhere = new Promise<never>(() => {});

/**
 * One read that is under way. A class, because V8 keeps a literal with accessors, and all it saw, until the next full
 * garbage collection (docs/performance.md).
 */
class InFlightRead implements Waiters {
  readonly members: Set<ReadContext>;
  readonly startedAtMs: number;
  blockedBy: (() => Failure) | null = null;
  /** Of no use before it has begun and after it has ended. */
  landing: Promise<Reading<unknown>> = nowhere;
  private readonly cancellation = new Cancellation();

  constructor(first: ReadContext, startedAtMs: number) {
    this.members = new Set([first]);
    this.startedAtMs = startedAtMs;
  }

  get signal(): CancelSignal {
    return this.cancellation;
  }

  get deadlineMs(): number {
    return Math.max(...Array.from(this.members, ({ deadlineMs = Number.POSITIVE_INFINITY }) => deadlineMs));
  }

  cancel(reason: Failure): void {
    this.cancellation.abort(reason);
  }

  /**
   * Lets go of the reading and of who waited for it: the map of flights still points to those that were in it before
   * it last grew or shrank, until the next full garbage collection.
   */
  end(): void {
    this.landing = nowhere;
    this.members.clear();
  }
}

export function createInFlightReads(clock: Clock): InFlightReads {
  const inFlight = new Map<string, InFlightRead>();

  function forget(key: string, issuing: InFlightRead): void {
    if (inFlight.get(key) === issuing) inFlight.delete(key);
  }

  function begin<T>(
    key: string,
    context: ReadContext,
    start: (waiters: Waiters) => Promise<Reading<T>>,
  ): InFlightRead {
    const issuing = new InFlightRead(context, clock.now());
    issuing.landing = start(issuing);
    inFlight.set(key, issuing);
    const end = () => {
      forget(key, issuing);
      issuing.end();
    };
    issuing.landing.then(end, end);
    return issuing;
  }

  function leave(key: string, issuing: InFlightRead, gone: ReadContext): void {
    issuing.members.delete(gone);
    if (issuing.members.size > 0) return;
    // At once, so that nobody boards a flight that is being cancelled.
    forget(key, issuing);
    issuing.cancel(new Failure('CANCELLED', 'Nobody waits for this read any more.'));
  }

  return {
    share<T>(key: string, context: ReadContext, start: (waiters: Waiters) => Promise<Reading<T>>) {
      if (context.signal.aborted) return Promise.reject(toAbortFailure(context.signal));
      const known = inFlight.get(key);
      const isShared = known !== undefined && doesFor(known.startedAtMs, context);
      if (isShared) known.members.add(context);
      const issuing = isShared ? known : begin(key, context, start);
      const { startedAtMs } = issuing;
      const toSharedReading = (reading: Reading<unknown>): SharedReading<T> => ({
        // Equal keys are equal reads, so that the value has the type this read gives.
        reading: reading as Reading<T>,
        isShared,
        startedAtMs,
      });
      return arrival(issuing, context, toSharedReading, () => leave(key, issuing, context));
    },
  };
}

/** Whether a flight begun at `startedAtMs` is young enough for a caller. */
function doesFor(startedAtMs: number, { maxAgeSeconds, freshFromMs }: ReadContext): boolean {
  return maxAgeSeconds !== 0 && startedAtMs >= (freshFromMs ?? Number.NEGATIVE_INFINITY);
}

/** The end of a flight for one of its party. */
function arrival<T>(
  issuing: InFlightRead,
  { signal }: ReadContext,
  toSharedReading: (reading: Reading<unknown>) => SharedReading<T>,
  leave: () => void,
): Promise<SharedReading<T>> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const failure = toAbortFailure(signal);
      const heldUp = failure.code === 'UPSTREAM_TIMEOUT' ? issuing.blockedBy : null;
      reject(heldUp === null ? failure : heldUp());
      leave();
    };
    signal.addEventListener('abort', onAbort);
    const end = () => signal.removeEventListener('abort', onAbort);
    issuing.landing.then(
      (reading) => {
        end();
        resolve(toSharedReading(reading));
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
