import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext, Reading } from '../ports/upstream.ts';
import { toAbortFailure } from './abort-failure.ts';

/** Those who wait for one flight, as the flight sees them. */
export interface Party {
  /** Aborts when the last of them has gone. */
  readonly signal: CancelSignal;
  /** When the most patient of them stops waiting, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Those who are there, the longest waiting first. */
  readonly members: ReadonlySet<ReadContext>;
  /** Set while the flight waits for leave to call: what a deadline that passes meanwhile means. */
  holdUp: (() => Failure) | null;
}

/** A reading from a flight, and whether somebody else had begun it, and when. */
export interface Landed<T> {
  readonly reading: Reading<T>;
  readonly isShared: boolean;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
}

/** Reads that are under way, by read key. */
export interface Flights {
  /**
   * Waits for the flight of `key`, begun by `start` unless one is under way that does for `context`. Each caller
   * waits until its own signal aborts; the flight is cancelled when all have gone. Nothing is kept of a flight
   * that has ended.
   */
  share<T>(
    key: string,
    context: ReadContext,
    start: (party: Party) => Promise<Reading<T>>,
  ): Promise<Landed<T>>;
}

/** Never settles. */
const nowhere = new Promise<never>(() => {});

/**
 * One read that is under way. A class, because V8 keeps a literal with accessors, and all it saw, until the next full
 * garbage collection (docs/performance.md).
 */
class Flight implements Party {
  readonly members: Set<ReadContext>;
  readonly startedAtMs: number;
  holdUp: (() => Failure) | null = null;
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

export function createFlights(clock: Clock): Flights {
  const flights = new Map<string, Flight>();

  function forget(key: string, flight: Flight): void {
    if (flights.get(key) === flight) flights.delete(key);
  }

  function begin<T>(key: string, context: ReadContext, start: (party: Party) => Promise<Reading<T>>): Flight {
    const flight = new Flight(context, clock.now());
    flight.landing = start(flight);
    flights.set(key, flight);
    const end = () => {
      forget(key, flight);
      flight.end();
    };
    flight.landing.then(end, end);
    return flight;
  }

  function leave(key: string, flight: Flight, gone: ReadContext): void {
    flight.members.delete(gone);
    if (flight.members.size > 0) return;
    // At once, so that nobody boards a flight that is being cancelled.
    forget(key, flight);
    flight.cancel(new Failure('CANCELLED', 'Nobody waits for this read any more.'));
  }

  return {
    share<T>(key: string, context: ReadContext, start: (party: Party) => Promise<Reading<T>>) {
      if (context.signal.aborted) return Promise.reject(toAbortFailure(context.signal));
      const known = flights.get(key);
      const isShared = known !== undefined && doesFor(known.startedAtMs, context);
      if (isShared) known.members.add(context);
      const flight = isShared ? known : begin(key, context, start);
      const { startedAtMs } = flight;
      const landed = (reading: Reading<unknown>): Landed<T> => ({
        // Equal keys are equal reads, so that the value has the type this read gives.
        reading: reading as Reading<T>,
        isShared,
        startedAtMs,
      });
      return arrival(flight, context, landed, () => leave(key, flight, context));
    },
  };
}

/** Whether a flight begun at `startedAtMs` is young enough for a caller. */
function doesFor(startedAtMs: number, { maxAgeSeconds, freshFromMs }: ReadContext): boolean {
  return maxAgeSeconds !== 0 && startedAtMs >= (freshFromMs ?? Number.NEGATIVE_INFINITY);
}

/** The end of a flight for one of its party. */
function arrival<T>(
  flight: Flight,
  { signal }: ReadContext,
  landed: (reading: Reading<unknown>) => Landed<T>,
  leave: () => void,
): Promise<Landed<T>> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const failure = toAbortFailure(signal);
      const heldUp = failure.code === 'UPSTREAM_TIMEOUT' ? flight.holdUp : null;
      reject(heldUp === null ? failure : heldUp());
      leave();
    };
    signal.addEventListener('abort', onAbort);
    const end = () => signal.removeEventListener('abort', onAbort);
    flight.landing.then(
      (reading) => {
        end();
        resolve(landed(reading));
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
