import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext, Reading } from '../ports/upstream.ts';
import { toAbortFailure } from './abort-failure.ts';

/** Those who wait for one flight, as the flight sees them. */
export interface Party {
  /** Aborts when the last of them has gone. */
  readonly signal: AbortSignal;
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

interface Flight {
  readonly party: Party & { readonly members: Set<ReadContext> };
  readonly startedAtMs: number;
  readonly landing: Promise<Reading<unknown>>;
  leave(context: ReadContext): void;
}

export function createFlights(clock: Clock): Flights {
  const flights = new Map<string, Flight>();

  function begin<T>(key: string, context: ReadContext, start: (party: Party) => Promise<Reading<T>>): Flight {
    const controller = new AbortController();
    const members = new Set([context]);
    const party = {
      signal: controller.signal,
      get deadlineMs() {
        return Math.max(...Array.from(members, ({ deadlineMs = Number.POSITIVE_INFINITY }) => deadlineMs));
      },
      members,
      holdUp: null,
    };
    const forget = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const flight: Flight = {
      party,
      startedAtMs: clock.now(),
      landing: start(party),
      leave(gone) {
        members.delete(gone);
        if (members.size > 0) return;
        // At once, so that nobody boards a flight that is being cancelled.
        forget();
        controller.abort(new Failure('CANCELLED', 'Nobody waits for this read any more.'));
      },
    };
    flights.set(key, flight);
    flight.landing.then(forget, forget);
    return flight;
  }

  return {
    async share<T>(key: string, context: ReadContext, start: (party: Party) => Promise<Reading<T>>) {
      if (context.signal.aborted) throw toAbortFailure(context.signal);
      const known = flights.get(key);
      const isShared = known !== undefined && doesFor(known.startedAtMs, context);
      if (isShared) known.party.members.add(context);
      const flight = isShared ? known : begin(key, context, start);
      // Equal keys are equal reads, so that the value has the type this read gives.
      const reading = (await arrival(flight, context)) as Reading<T>;
      return { reading, isShared, startedAtMs: flight.startedAtMs };
    },
  };
}

/** Whether a flight begun at `startedAtMs` is young enough for a caller. */
function doesFor(startedAtMs: number, { maxAgeSeconds, freshFromMs }: ReadContext): boolean {
  return maxAgeSeconds !== 0 && startedAtMs >= (freshFromMs ?? Number.NEGATIVE_INFINITY);
}

/** The end of a flight for one of its party. */
function arrival(flight: Flight, context: ReadContext): Promise<Reading<unknown>> {
  const { signal } = context;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const failure = toAbortFailure(signal);
      const heldUp = failure.code === 'UPSTREAM_TIMEOUT' ? flight.party.holdUp : null;
      reject(heldUp === null ? failure : heldUp());
      flight.leave(context);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const end = () => signal.removeEventListener('abort', onAbort);
    flight.landing.then(
      (reading) => {
        end();
        resolve(reading);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
