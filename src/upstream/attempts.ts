import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext, ReadIdentity, Reading, UpstreamRead } from '../ports/upstream.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';
import { toAbortFailure } from './abort-failure.ts';
import type { CallBudget, CallPermit, CallWish } from './call-budget.ts';
import type { Circuits } from './circuit.ts';
import type { Party } from './in-flight-reads.ts';
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
  party: Party,
  onMade: (reading: Reading<T>) => void,
) => Promise<Reading<T>>;

/**
 * One call for a party, whose deadline moves as others join it. A class, because V8 keeps a literal with accessors,
 * and all it saw, until the next full garbage collection (docs/performance.md).
 */
class PartyWish implements CallWish {
  readonly callerId: string;
  private readonly party: Party;

  constructor(callerId: string, party: Party) {
    this.callerId = callerId;
    this.party = party;
  }

  get signal(): CancelSignal {
    return this.party.signal;
  }

  get deadlineMs(): number {
    return this.party.deadlineMs;
  }
}

/** The first attempt has to be charged (`charge`) by whoever begins the read; further ones are charged here. */
export function createAttempts(options: AttemptOptions): MakeRead {
  const { clock, policy, circuits, random, budgetOf, telemetry } = options;
  const retryBudget = createRetryBudget();
  const retryTools = { clock, random, policy, budget: retryBudget };

  async function attempt<T>(
    read: UpstreamRead<T>,
    party: Party,
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
      const leave = takePermit(read.identity, party, payer);
      permit = leave instanceof Promise ? await leave : leave;
      // A slot is of the moment it was taken: whoever waits for a probe waits without one.
      for (let probe = circuit.probing(); probe !== null; probe = circuit.probing()) {
        permit?.returned();
        permit = null;
        await probe;
        circuit.check();
        permit = await takePermit(read.identity, party, payer);
      }
      if (party.signal.aborted) throw toAbortFailure(party.signal);
      const endAttempt = circuit.begin();
      isCalled = true;
      let asOfMs: number;
      let value: T;
      try {
        payer.observer?.called(provider);
        asOfMs = clock.now();
        const call = { provider, kind: read.kind, ledger: read.ledger };
        value = await watchCall(call, () => read.attempt(party.signal), clock, telemetry);
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
      await waitForRetry(error, attemptNumber, party, retryTools);
      return attempt(read, party, charge(party), onMade, attemptNumber + 1);
    }
  }

  function takePermit(identity: ReadIdentity, party: Party, payer: ReadContext) {
    const budget = budgetOf(identity);
    if (budget === null) return null;
    const leave = budget.take(new PartyWish(payer.callerId, party));
    return leave instanceof Promise ? waitFor(leave, budget, identity, party, payer) : leave;
  }

  async function waitFor(
    leave: Promise<CallPermit>,
    budget: CallBudget,
    identity: ReadIdentity,
    party: Party,
    payer: ReadContext,
  ): Promise<CallPermit> {
    const startMs = clock.now();
    party.holdUp = () => budget.exhausted();
    try {
      return await leave;
    } catch (error) {
      if (error instanceof Failure) telemetry.observer?.refused(identity.provider, error.code);
      throw error;
    } finally {
      party.holdUp = null;
      const waitedMs = clock.now() - startMs;
      if (waitedMs > 0) {
        payer.observer?.waited(identity.provider, waitedMs);
        telemetry.observer?.waited(identity.provider, waitedMs);
      }
    }
  }

  return (read, party, onMade) => {
    retryBudget.earn();
    if (party.signal.aborted) return Promise.reject(toAbortFailure(party.signal));
    return attempt(read, party, firstOf(party), onMade, 1);
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
function charge({ members, signal }: Party): ReadContext {
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

function firstOf({ members }: Party): ReadContext {
  const [first] = members;
  if (first === undefined) throw new Error('a flight has nobody on board');
  return first;
}
