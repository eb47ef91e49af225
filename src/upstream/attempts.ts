import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext, ReadIdentity, Reading, UpstreamRead } from '../ports/upstream.ts';
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
  /** The budget a read is paid from; null for a provider without a known limit. */
  readonly budgetOf: (identity: ReadIdentity) => CallBudget | null;
  readonly telemetry: UpstreamTelemetry;
}

/**
 * Makes a read: attempts within the call budget, through the circuit of its routes, repeated where that may help.
 * `onMade` is told what was read before anybody else is.
 */
export type MakeRead = <T>(
  read: UpstreamRead<T>,
  waiters: Waiters,
  onMade: (reading: Reading<T>) => void,
) => Promise<Reading<T>>;

/**
 * One call for a party, whose deadline moves as others join it. A class, because V8 keeps a literal with accessors,
 * and all it saw, until the next full garbage collection (docs/performance.md).
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

/** The first attempt has to be charged (`charge`) by whoever begins the read; further ones are charged here. */
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
    try {
      circuit.check();
      const permitted = takePermit(read.identity, waiters, payer);
      permit = permitted instanceof Promise ? await permitted : permitted;
      // A slot is of the moment it was taken: whoever waits for a probe waits without one.
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
      try {
        payer.observer?.called(provider);
        asOfMs = clock.now();
        const call = { provider, kind: read.kind, ledger: read.ledger };
        value = await watchCall(call, () => read.attempt(waiters.signal), clock, telemetry);
      } catch (error) {
        settle(permit, payer, error);
        endAttempt(error);
        throw error;
      }
      permit?.spent();
      endAttempt(null);
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
    return permitted instanceof Promise ? waitFor(permitted, budget, identity, waiters, payer) : permitted;
  }

  async function waitFor(
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
      }
    }
  }

  return (read, waiters, onMade) => {
    retryBudget.earn();
    if (waiters.signal.aborted) return Promise.reject(toAbortFailure(waiters.signal));
    return attempt(read, waiters, firstOf(waiters), onMade, 1);
  };
}

/** Says what became of a call that failed, to the budget and to who pays. */
function settle(permit: CallPermit | null, payer: ReadContext, error: unknown): void {
  if (!(error instanceof Failure)) permit?.spent();
  else if (error.code === 'UPSTREAM_RATE_LIMITED') permit?.refused(error.details.retryAfterSeconds ?? null);
  else if (error.code === 'UPSTREAM_AUTH' && error.details.retryable === true) {
    // A call with a dead token counts for nobody: providers meter those they have recognised (uqpay reference
    // section 2.4), and the operation asked for one call, which is yet to be made.
    permit?.returned();
    payer.meter.calls -= 1;
  } else permit?.spent();
}

/** Charges one attempt to the first of the party that can still pay; throws what the last one said when none can. */
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
  if (first === undefined) throw new Error('a flight has nobody on board');
  return first;
}
