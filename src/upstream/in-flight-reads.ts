import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext, Reading } from '../ports/upstream.ts';
import { toAbortFailure } from './abort-failure.ts';
import { mayUse } from './freshness.ts';

/** The operations that wait for one in-flight read. */
export interface Waiters {
  /** Aborts when the last of them has stopped waiting. */
  readonly signal: CancelSignal;
  /** The latest of their deadlines, epoch milliseconds. */
  readonly deadlineMs: number;
  /** In the order in which they joined. */
  readonly members: ReadonlySet<ReadContext>;
  /** Set while the read waits for the call budget; returns the failure for a deadline that passes meanwhile. */
  blockedBy: (() => Failure) | null;
}

/** The reading of an in-flight read, whether another operation had begun it, and when. */
export interface SharedReading<T> {
  readonly reading: Reading<T>;
  readonly isShared: boolean;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
}

/** Shares reads that are in flight, by read key. */
export interface InFlightReads {
  /**
   * Waits for the read of `key`: joins the one in flight if it is fresh enough for `context`, else begins one with
   * `start`. Each caller waits until its own signal aborts; the read is cancelled once no caller waits for it. A read that
   * has ended is not kept.
   */
  share<T>(
    key: string,
    context: ReadContext,
    start: (waiters: Waiters) => Promise<Reading<T>>,
  ): Promise<SharedReading<T>>;
  /** Whether `share` would join a read. */
  isInFlight(key: string, context: ReadContext): boolean;
}

/** Never settles. */
const pending = new Promise<never>(() => {});

/**
 * One read in flight. A class, because V8 keeps an object literal with accessors, and everything in its scope, until
 * the next full garbage collection (docs/performance.md).
 */
class InFlightRead implements Waiters {
  readonly members: Set<ReadContext>;
  readonly startedAtMs: number;
  blockedBy: (() => Failure) | null = null;
  /** Stays pending before the read has begun and after it has ended. */
  result: Promise<Reading<unknown>> = pending;
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
   * Drops the references to the reading and the waiters: until the next full garbage collection, a map still points to
   * entries that were deleted before it last grew or shrank.
   */
  end(): void {
    this.result = pending;
    this.members.clear();
  }
}

export function createInFlightReads(clock: Clock): InFlightReads {
  const inFlight = new Map<string, InFlightRead>();

  function remove(key: string, read: InFlightRead): void {
    if (inFlight.get(key) === read) inFlight.delete(key);
  }

  function begin<T>(
    key: string,
    context: ReadContext,
    start: (waiters: Waiters) => Promise<Reading<T>>,
  ): InFlightRead {
    const read = new InFlightRead(context, clock.now());
    read.result = start(read);
    inFlight.set(key, read);
    const end = () => {
      remove(key, read);
      read.end();
    };
    read.result.then(end, end);
    return read;
  }

  function stopWaiting(key: string, read: InFlightRead, gone: ReadContext): void {
    read.members.delete(gone);
    if (read.members.size > 0) return;
    // Removed first, so that no caller joins a read that is being cancelled.
    remove(key, read);
    read.cancel(new Failure('CANCELLED', 'No operation waits for this read any more.'));
  }

  return {
    isInFlight(key, context) {
      const known = inFlight.get(key);
      return known !== undefined && mayUse(known.startedAtMs, context);
    },
    share<T>(key: string, context: ReadContext, start: (waiters: Waiters) => Promise<Reading<T>>) {
      if (context.signal.aborted) return Promise.reject(toAbortFailure(context.signal));
      const known = inFlight.get(key);
      const isShared = known !== undefined && mayUse(known.startedAtMs, context);
      if (isShared) known.members.add(context);
      const read = isShared ? known : begin(key, context, start);
      const { startedAtMs } = read;
      const toSharedReading = (reading: Reading<unknown>): SharedReading<T> => ({
        // Equal keys are equal reads, so the value has the type of this read.
        reading: reading as Reading<T>,
        isShared,
        startedAtMs,
      });
      return waitForResult(read, context, toSharedReading, () => stopWaiting(key, read, context));
    },
  };
}

/** Waits for an in-flight read on behalf of one caller. */
function waitForResult<T>(
  read: InFlightRead,
  { signal }: ReadContext,
  toSharedReading: (reading: Reading<unknown>) => SharedReading<T>,
  stopWaiting: () => void,
): Promise<SharedReading<T>> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const failure = toAbortFailure(signal);
      const blockedBy = failure.code === 'UPSTREAM_TIMEOUT' ? read.blockedBy : null;
      reject(blockedBy === null ? failure : blockedBy());
      stopWaiting();
    };
    signal.addEventListener('abort', onAbort);
    const end = () => signal.removeEventListener('abort', onAbort);
    read.result.then(
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

/**
 * Returns the operation's reading of `key`, done or in flight, or else starts one. A read that must be new
 * (`maxAgeSeconds: 0`) replaces the one before it; a failed read is removed.
 */
export function shareInOperation<T>(
  key: string,
  { readings, maxAgeSeconds }: ReadContext,
  start: () => Promise<Reading<T>>,
): Promise<Reading<T>> {
  const known = maxAgeSeconds === 0 ? undefined : readings.get(key);
  // Equal keys are equal reads, so the value has the type of this read.
  if (known !== undefined) return known as Promise<Reading<T>>;
  const reading = start();
  readings.set(key, reading);
  reading.catch(() => {
    if (readings.get(key) === reading) readings.delete(key);
  });
  return reading;
}
