import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure, wholeSeconds } from '../domain/failure.ts';
import { createFairQueue } from '../domain/fair-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { BudgetReport } from '../ports/upstream-report.ts';
import { toAbortFailure } from './abort-failure.ts';
import type { CallWindow } from './call-window.ts';

/** A request to make one call. */
export interface CallRequest {
  readonly callerId: string;
  readonly signal: CancelSignal;
  /** When the caller stops waiting, epoch milliseconds; may move while the request waits. */
  readonly deadlineMs: number;
}

/** Permission to make one call. Call exactly one of its functions, once the call has ended or will not be made. */
export interface CallPermit {
  /** The call was made and counted. */
  spent(): void;
  /** The call was not made, or the provider does not count it. */
  returned(): void;
  /** The provider refused the call (HTTP 429); null when it did not say how long to wait. */
  refused(retryAfterSeconds: number | null): void;
}

/** Distributes the calls that a provider allows one credential. */
export interface CallBudget {
  /**
   * Gives a permit: at once while many are left and no call waits, otherwise after a wait in a queue that is fair to all
   * callers. Rejects at once, with `retryAfterSeconds`, if no permit can come before the deadline or too many wait:
   * UPSTREAM_RATE_LIMITED during a pause that the provider requested, else UPSTREAM_BUDGET_EXHAUSTED.
   */
  take(request: CallRequest): CallPermit | Promise<CallPermit>;
  /** The failure for a caller whose deadline passed while it waited. */
  exhausted(): Failure;
  /** The current state. */
  report(): CallBudgetReport;
}

export type CallBudgetReport = Pick<BudgetReport, 'callsLeft' | 'waiting' | 'pausedUntilMs'>;

interface Waiting {
  readonly request: CallRequest;
  /** The latest time at which a permit still helps, epoch milliseconds. */
  giveUpMs(): number;
  grant(permit: CallPermit): void;
  refuse(failure: Failure): void;
}

const waitingMax = 1_000;
/** Part of the caller's time that is reserved for the call itself. */
const callReserveMs = 500;
/** Pause after a refusal without `Retry-After`; doubles with each further refusal in a row. */
const firstPauseMs = 1_000;
const pauseMsMax = 30_000;
/** Longest pause that a provider can impose: by then, the minute in which it counts is over. */
const askedPauseMsMax = 61_000;

/** A call budget over `window`. Messages use `name` for the provider and `usedUp` when the minute's calls are spent. */
export function createCallBudget(
  name: string,
  window: CallWindow,
  clock: Clock,
  usedUp = `The calls that ${name} allows in a minute are used up. Try again later, or request less at once.`,
): CallBudget {
  const queue = createFairQueue<Waiting>();
  /** When the next slot comes free, as the window last said; meaningless once that time has passed. */
  let nextSlot: { readonly atMs: number; readonly because: 'SPENT' | 'ASKED_TO_WAIT' } | null = null;
  let isServing = false;
  let wake = new AbortController();
  /** Refusals in a row. While there are any, only one call is made at a time. */
  let refusals = 0;
  let pausedUntilMs = 0;
  let probe: Promise<void> | null = null;
  /** Permits returned so far. */
  let returnedCount = 0;

  function failure(): Failure {
    const leftMs = nextSlot === null ? 0 : nextSlot.atMs - clock.now();
    const details = {
      retryable: true,
      retriesSpent: true,
      retryAfterSeconds: wholeSeconds(leftMs),
    };
    return nextSlot?.because === 'ASKED_TO_WAIT'
      ? new Failure(
          'UPSTREAM_RATE_LIMITED',
          `${name} asked the gateway to pause its calls. Try again later.`,
          details,
        )
      : new Failure('UPSTREAM_BUDGET_EXHAUSTED', usedUp, details);
  }

  function toPermit(ticket: string, endProbe: () => void): CallPermit {
    return {
      spent() {
        window.ended(ticket);
        refusals = 0;
        endProbe();
      },
      returned() {
        window.giveBack(ticket);
        returnedCount += 1;
        if (nextSlot?.because === 'SPENT') nextSlot = null;
        wake.abort();
        endProbe();
      },
      refused(retryAfterSeconds) {
        window.ended(ticket);
        // Of several concurrent calls that were refused, only the first starts a pause.
        if (pausedUntilMs <= clock.now()) {
          const ownPauseMs = Math.min(firstPauseMs * 2 ** refusals, pauseMsMax);
          const pauseMs =
            retryAfterSeconds === null ? ownPauseMs : Math.min(retryAfterSeconds * 1_000, askedPauseMsMax);
          refusals += 1;
          window.pause(pauseMs);
          pausedUntilMs = clock.now() + pauseMs;
          nextSlot = { atMs: pausedUntilMs, because: 'ASKED_TO_WAIT' };
        }
        endProbe();
      },
    };
  }

  /** Gives permits until no call waits. */
  async function serve(): Promise<void> {
    let isUrgent = false;
    while (queue.size > 0) {
      if (refusals > 0 && probe !== null) {
        await probe;
        continue;
      }
      const returnedBefore = returnedCount;
      const slot = await window.take(isUrgent, refusals > 0 ? 1 : queue.size);
      isUrgent = false;
      if ('ticket' in slot) handOutAll(slot.ticket, slot.further ?? []);
      // A permit was returned while `window.take` ran, before there was a sleep for it to end.
      else if (returnedCount > returnedBefore) continue;
      else if (slot.because === 'SPREAD') isUrgent = await waitForSpreadSlot(slot.waitMs);
      else await waitForSlot(slot.waitMs, slot.because);
    }
    isServing = false;
  }

  function handOutAll(ticket: string, further: readonly string[]): void {
    handOut(ticket);
    // After a refusal only one call is made at a time.
    for (const other of further) refusals > 0 ? window.giveBack(other) : handOut(other);
  }

  function handOut(ticket: string): void {
    const waiting = queue.take();
    if (waiting === undefined) {
      window.giveBack(ticket);
      return;
    }
    let endProbe = () => {};
    if (refusals > 0) {
      probe = new Promise<void>((resolve) => {
        endProbe = () => {
          probe = null;
          resolve();
        };
      });
    }
    waiting.grant(toPermit(ticket, endProbe));
  }

  /** Waits for the next spread slot; true when that pace is too slow for the waiting requests. */
  async function waitForSpreadSlot(waitMs: number): Promise<boolean> {
    const leftMs = Math.min(...queue.entries().map((waiting) => waiting.giveUpMs())) - clock.now();
    const shareMs = Math.max(0, leftMs / queue.size);
    await pauseServing(Math.min(waitMs, shareMs));
    return shareMs < waitMs;
  }

  async function waitForSlot(waitMs: number, because: 'SPENT' | 'ASKED_TO_WAIT'): Promise<void> {
    nextSlot = { atMs: clock.now() + waitMs, because };
    for (const waiting of queue.entries()) if (waiting.giveUpMs() < nextSlot.atMs) waiting.refuse(failure());
    if (queue.size > 0) await pauseServing(waitMs);
  }

  async function pauseServing(ms: number): Promise<void> {
    wake = new AbortController();
    await clock.sleep(ms, wake.signal).catch(() => {});
  }

  function report(): CallBudgetReport {
    // The shared window also reports the pauses of other replicas.
    const askedMs = nextSlot?.because === 'ASKED_TO_WAIT' ? nextSlot.atMs : 0;
    const untilMs = Math.max(pausedUntilMs, askedMs);
    return {
      callsLeft: window.left(),
      waiting: queue.size,
      pausedUntilMs: untilMs > clock.now() ? untilMs : null,
    };
  }

  /** Gives a permit without queueing; most calls get theirs this way. */
  function takeAtOnce({ signal }: CallRequest): CallPermit | null {
    if (isServing || refusals > 0 || signal.aborted) return null;
    const ticket = window.takeAtOnce();
    return ticket === null ? null : toPermit(ticket, () => {});
  }

  return {
    exhausted: failure,
    report,
    take(request) {
      const permit = takeAtOnce(request);
      if (permit !== null) return permit;
      const { callerId, signal } = request;
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(toAbortFailure(signal));
        const dequeue = () => {
          queue.remove(callerId, waiting);
          signal.removeEventListener('abort', onAbort);
        };
        const onAbort = () => {
          dequeue();
          reject(toAbortFailure(signal));
        };
        const nowMs = clock.now();
        const waiting: Waiting = {
          request,
          giveUpMs: () =>
            request.deadlineMs - Math.min(callReserveMs, Math.max(0, request.deadlineMs - nowMs) / 2),
          grant(permit) {
            signal.removeEventListener('abort', onAbort);
            resolve(permit);
          },
          refuse(refusal) {
            dequeue();
            reject(refusal);
          },
        };
        const isHopeless = nextSlot !== null && nextSlot.atMs > nowMs && waiting.giveUpMs() < nextSlot.atMs;
        if (isHopeless || queue.size >= waitingMax) return reject(failure());
        signal.addEventListener('abort', onAbort);
        queue.add(callerId, waiting);
        if (isServing) return;
        isServing = true;
        // Never rejects, because a window never does.
        void serve();
      });
    },
  };
}
