import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { EndedAttempt, ReadContext, ReadIdentity, Reading, UpstreamRead } from '../ports/upstream.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';
import { toAbortFailure } from './abort-failure.ts';
import type { CallBudget, CallPermit, CallRequest } from './call-budget.ts';
import type { Circuits } from './circuit.ts';
import type { Waiters } from './in-flight-reads.ts';
import { type RetryPolicy, waitForRetry } from './retry.ts';
import { createRetryBudget } from './retry-budget.ts';
import { watchCall } from './watch-call.ts';

export interface AttemptOptions {
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  readonly circuits: Circuits;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The call budget that a read is charged to; null for a provider without a known limit. */
  readonly budgetOf: (identity: ReadIdentity) => CallBudget | null;
  readonly telemetry: UpstreamTelemetry;
}

/**
 * Makes a read within the call budget, through the circuit breaker of its routes, and retries it if that may help.
 * Calls `onMade` with the reading before the promise resolves.
 */
export type MakeRead = <T>(
  read: UpstreamRead<T>,
  waiters: Waiters,
  onMade: (reading: Reading<T>) => void,
) => Promise<Reading<T>>;

/**
 * A call on behalf of all who wait for a read; its deadline moves as more of them join. A class, because V8 keeps an
 * object literal with accessors, and everything in its scope, until the next full garbage collection
 * (docs/performance.md).
 */
class SharedCallRequest implements CallRequest {
  readonly callerId: string;
  private readonly waiters: Waiters;

  constructor(callerId: string, waiters: Waiters) {
    this.callerId = callerId;
    this.waiters = waiters;
  }

  get signal(): CancelSignal {
    return this.waiters.signal;
  }

  get deadlineMs(): number {
    return this.waiters.deadlineMs;
  }
}

/**
 * Makes reads. The operation that begins a read has already counted its first attempt; further attempts are charged
 * here.
 */
export function createAttempts(options: AttemptOptions): MakeRead {
  const { clock, policy, circuits, random, budgetOf, telemetry } = options;
  const retryBudget = createRetryBudget();
  const retryTools = { clock, random, policy, budget: retryBudget };

  async function attempt<T>(
    read: UpstreamRead<T>,
    waiters: Waiters,
    payer: ReadContext,
    onMade: (reading: Reading<T>) => void,
    attemptNumber: number,
  ): Promise<Reading<T>> {
    const { provider, environment } = read.identity;
    const circuit = circuits.of(provider, environment, read.kind, read.ledger);
    let permit: CallPermit | null = null;
    let isCalled = false;
    const askedMs = clock.now();
    try {
      circuit.check();
      const permitted = takePermit(read.identity, waiters, payer);
      permit = permitted instanceof Promise ? await permitted : permitted;
      // A permit is for a call that starts now, so it is returned while a probe is in flight.
      for (let probe = circuit.probing(); probe !== null; probe = circuit.probing()) {
        permit?.returned();
        permit = null;
        await probe;
        circuit.check();
        permit = await takePermit(read.identity, waiters, payer);
      }
      if (waiters.signal.aborted) throw toAbortFailure(waiters.signal);
      const endAttempt = circuit.begin();
      isCalled = true;
      let asOfMs: number;
      let value: T;
      let status: number | null = null;
      const onStatus = (httpStatus: number) => {
        status = httpStatus;
      };
      asOfMs = clock.now();
      const waitedMs = asOfMs - askedMs;
      const notifyEnded = (code: EndedAttempt['code']) =>
        payer.observer?.ended?.({ read, waitedMs, durationMs: clock.now() - asOfMs, status, code });
      try {
        payer.observer?.called(provider);
        const { kind, ledger, route } = read;
        const make = () => read.attempt(waiters.signal, onStatus);
        const facts = { route, attemptNumber, waitedMs, status: () => status };
        value = await watchCall({ provider, kind, ledger }, make, clock, telemetry, facts);
      } catch (error) {
        settle(permit, payer, error);
        endAttempt(error);
        notifyEnded(error instanceof Failure ? error.code : 'INTERNAL');
        throw error;
      }
      permit?.spent();
      endAttempt(null);
      notifyEnded(null);
      const reading = { value, asOfMs, staleBecause: null };
      onMade(reading);
      return reading;
    } catch (error) {
      if (!isCalled) {
        permit?.returned();
        payer.meter.calls -= 1;
      }
      await waitForRetry(error, attemptNumber, waiters, retryTools);
      return attempt(read, waiters, charge(waiters), onMade, attemptNumber + 1);
    }
  }

  function takePermit(identity: ReadIdentity, waiters: Waiters, payer: ReadContext) {
    const budget = budgetOf(identity);
    if (budget === null) return null;
    const permitted = budget.take(new SharedCallRequest(payer.callerId, waiters));
    return permitted instanceof Promise
      ? waitForPermit(permitted, budget, identity, waiters, payer)
      : permitted;
  }

  async function waitForPermit(
    permitted: Promise<CallPermit>,
    budget: CallBudget,
    identity: ReadIdentity,
    waiters: Waiters,
    payer: ReadContext,
  ): Promise<CallPermit> {
    const startMs = clock.now();
    waiters.blockedBy = () => budget.exhausted();
    try {
      return await permitted;
    } catch (error) {
      if (error instanceof Failure) telemetry.observer?.refused(identity.provider, error.code);
      throw error;
    } finally {
      waiters.blockedBy = null;
      const waitedMs = clock.now() - startMs;
      if (waitedMs > 0) {
        payer.observer?.waited(identity.provider, waitedMs);
        telemetry.observer?.waited(identity.provider, waitedMs);
        telemetry.tracer?.waited(identity.provider, waitedMs);
      }
    }
  }

  return (read, waiters, onMade) => {
    retryBudget.earn();
    if (waiters.signal.aborted) return Promise.reject(toAbortFailure(waiters.signal));
    return attempt(read, waiters, firstOf(waiters), onMade, 1);
  };
}

/** Settles a failed call with the call budget and with the operation that pays for it. */
function settle(permit: CallPermit | null, payer: ReadContext, error: unknown): void {
  if (!(error instanceof Failure)) permit?.spent();
  else if (error.code === 'UPSTREAM_RATE_LIMITED') permit?.refused(error.details.retryAfterSeconds ?? null);
  else if (error.code === 'UPSTREAM_AUTH' && error.details.retryable === true) {
    // The operation still needs its call, so this attempt is not charged to it. The budget is charged if a call was
    // made.
    if (error.details.tokenMissing === 'BEFORE_CALL') permit?.returned();
    else permit?.spent();
    payer.meter.calls -= 1;
  } else permit?.spent();
}

/** Charges one attempt to the first waiter whose call limit allows it; throws the last refusal when none does. */
function charge({ members, signal }: Waiters): ReadContext {
  let refusal: unknown = toAbortFailure(signal);
  for (const member of members) {
    try {
      member.meter.calls += 1;
      return member;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

function firstOf({ members }: Waiters): ReadContext {
  const [first] = members;
  if (first === undefined) throw new Error('no operation waits for this read');
  return first;
}
