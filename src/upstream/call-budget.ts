import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import { createFairQueue } from '../domain/fair-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { BudgetReport } from '../ports/upstream-report.ts';
import { toAbortFailure } from './abort-failure.ts';
import type { CallWindow } from './call-window.ts';

/** Somebody who wants to make one call. */
export interface CallRequest {
  readonly callerId: string;
  readonly signal: CancelSignal;
  /** When the answer is due, epoch milliseconds; may move while the wish waits. */
  readonly deadlineMs: number;
}

/** Leave for one call. Exactly one of its functions is called, when the call has ended or is not made. */
export interface CallPermit {
  /** The call was made and counted. */
  spent(): void;
  /** The call was not made, or the provider does not count it. */
  returned(): void;
  /** The provider refused the call because there were too many; it may say how long to wait. */
  refused(retryAfterSeconds: number | null): void;
}

/** Spends the calls that a provider allows one credential. */
export interface CallBudget {
  /**
   * Leave to make a call: at once while there is plenty and nobody waits, else waited for, callers in turn.
   * Rejects at once when there can be none in time for the deadline or too many are waiting: UPSTREAM_BUDGET_EXHAUSTED,
   * or UPSTREAM_RATE_LIMITED while the provider asked for a pause, both with `retryAfterSeconds`.
   */
  take(request: CallRequest): CallPermit | Promise<CallPermit>;
  /** What is said to somebody whose time ran out while waiting. */
  exhausted(): Failure;
  /** How it stands now. */
  report(): CallBudgetReport;
}

export type CallBudgetReport = Pick<BudgetReport, 'callsLeft' | 'waiting' | 'pausedUntilMs'>;

interface Waiting {
  readonly request: CallRequest;
  /** Latest moment at which leave is of use, epoch milliseconds. */
  giveUpMs(): number;
  grant(permit: CallPermit): void;
  refuse(failure: Failure): void;
}

const waitingMax = 1_000;
/** Left of the caller's time for the call itself. */
const callReserveMs = 500;
/** Pause after a refusal that says nothing, doubled with each further one. */
const firstPauseMs = 1_000;
const pauseMsMax = 30_000;
/** Longest pause a provider can ask for: its minute is over then. */
const askedPauseMsMax = 61_000;

/** The budget over `window`; `name` is who takes the calls, `usedUp` what is said when there are no more in a minute. */
export function createCallBudget(
  name: string,
  window: CallWindow,
  clock: Clock,
  usedUp = `The calls that ${name} allows in a minute are used up. Ask again later, or for less at once.`,
): CallBudget {
  const queue = createFairQueue<Waiting>();
  /** When the next slot comes, as it was last told; of no meaning once that moment has passed. */
  let nextSlot: { readonly atMs: number; readonly because: 'SPENT' | 'ASKED_TO_WAIT' } | null = null;
  let isServing = false;
  let wake = new AbortController();
  /** Refusals in a row. While there are any, one call is made at a time. */
  let refusals = 0;
  let pausedUntilMs = 0;
  let probe: Promise<void> | null = null;
  /** Calls that were given back so far. */
  let returnedCount = 0;

  function failure(): Failure {
    const leftMs = nextSlot === null ? 0 : nextSlot.atMs - clock.now();
    const details = {
      retryable: true,
      retriesSpent: true,
      retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1_000)),
    };
    return nextSlot?.because === 'ASKED_TO_WAIT'
      ? new Failure(
          'UPSTREAM_RATE_LIMITED',
          `${name} asked to be left alone for a moment. Ask again later.`,
          details,
        )
      : new Failure('UPSTREAM_BUDGET_EXHAUSTED', usedUp, details);
  }

  function toPermit(ticket: string, endProbe: () => void): CallPermit {
    return {
      spent() {
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
        // Of many calls that were under way at once, the first refusal speaks for all.
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

  /** Hands out slots until nobody waits. */
  async function serve(): Promise<void> {
    let isUrgent = false;
    while (queue.size > 0) {
      if (refusals > 0 && probe !== null) {
        await probe;
        continue;
      }
      const returnedBefore = returnedCount;
      const slot = await window.take(isUrgent);
      isUrgent = false;
      if ('ticket' in slot) handOut(slot.ticket);
      // One was given back while this was asked: nobody slept yet to be woken by it.
      else if (returnedCount > returnedBefore) continue;
      else if (slot.because === 'SPREAD') isUrgent = await waitInTurn(slot.waitMs);
      else await waitFor(slot.waitMs, slot.because);
    }
    isServing = false;
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

  /** Waits for a slot while there are free ones; true when who waits could not all be served in time that way. */
  async function waitInTurn(waitMs: number): Promise<boolean> {
    const leftMs = Math.min(...queue.entries().map((waiting) => waiting.giveUpMs())) - clock.now();
    const shareMs = Math.max(0, leftMs / queue.size);
    await pauseServing(Math.min(waitMs, shareMs));
    return shareMs < waitMs;
  }

  async function waitFor(waitMs: number, because: 'SPENT' | 'ASKED_TO_WAIT'): Promise<void> {
    nextSlot = { atMs: clock.now() + waitMs, because };
    for (const waiting of queue.entries()) if (waiting.giveUpMs() < nextSlot.atMs) waiting.refuse(failure());
    if (queue.size > 0) await pauseServing(waitMs);
  }

  async function pauseServing(ms: number): Promise<void> {
    wake = new AbortController();
    await clock.sleep(ms, wake.signal).catch(() => {});
  }

  function report(): CallBudgetReport {
    // Another replica's pause is known here when somebody met it.
    const askedMs = nextSlot?.because === 'ASKED_TO_WAIT' ? nextSlot.atMs : 0;
    const untilMs = Math.max(pausedUntilMs, askedMs);
    return {
      callsLeft: window.left(),
      waiting: queue.size,
      pausedUntilMs: untilMs > clock.now() ? untilMs : null,
    };
  }

  /** Leave without standing in line, as most calls get it. */
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
        const leave = () => {
          queue.remove(callerId, waiting);
          signal.removeEventListener('abort', onAbort);
        };
        const onAbort = () => {
          leave();
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
            leave();
            reject(refusal);
          },
        };
        const isHopeless = nextSlot !== null && nextSlot.atMs > nowMs && waiting.giveUpMs() < nextSlot.atMs;
        if (isHopeless || queue.size >= waitingMax) return reject(failure());
        signal.addEventListener('abort', onAbort);
        queue.add(callerId, waiting);
        if (isServing) return;
        isServing = true;
        // A window never rejects, and nobody waits for the serving itself.
        void serve();
      });
    },
  };
}
