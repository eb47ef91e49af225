import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadRecall } from '../ports/response-cache.ts';
import type {
  ReadContext,
  ReadIdentity,
  Reading,
  ReadOrigin,
  UpstreamPort,
  UpstreamRead,
} from '../ports/upstream.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';
import { createAttempts } from './attempts.ts';
import type { CallBudget } from './call-budget.ts';
import { type Circuits, createCircuits } from './circuit.ts';
import { isFresh, type Lifetimes, mayStandIn, noLifetimes } from './freshness.ts';
import { createFlights, type Party } from './in-flight-reads.ts';
import { shareInOperation } from './operation-reads.ts';
import type { ReadMemory, Remembered, SharedMemory } from './read-cache.ts';
import { readKey } from './read-key.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import { createFleetReads, type Turn } from './shared-reads.ts';

export { type CallBudget, type CallPermit, createCallBudget } from './call-budget.ts';
export {
  type CallRate,
  type CallWindow,
  createCallWindow,
  createOpenCallWindow,
  type Slot,
  toCallRate,
  windowMs,
} from './call-window.ts';
export { type Circuits, createCircuits } from './circuit.ts';
export type { Lifetimes } from './freshness.ts';
export { createMemoryTokenVault } from './memory-token-store.ts';
export { type WatchedVault, watchVault } from './observed-token-store.ts';
export { createReplyMemory } from './parsed-reply-cache.ts';
export { createReadMemory, type Remembered, type SharedMemory } from './read-cache.ts';
export { readKey } from './read-key.ts';
export { systemClock } from './system-clock.ts';
export { createMintRests, type MintRests } from './token-back-offs.ts';
export { createMinter, type Minter } from './token-issuer.ts';

export interface UpstreamOptions {
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
  /** Where reads are remembered, and for how long; default nowhere. */
  readonly memory?: ReadMemory;
  /** Where replicas find each other's reads; default nowhere. Needs a memory. */
  readonly sharedMemory?: SharedMemory;
  readonly lifetimes?: Lifetimes;
  /** Kept outside where somebody wants to know how they are. */
  readonly circuits?: Circuits;
  /** The budget a read is paid from; null for none. Default none at all. */
  readonly budgetOf?: (identity: ReadIdentity) => CallBudget | null;
  readonly telemetry?: UpstreamTelemetry;
}

/**
 * The gate every upstream read goes through once. In this order: what the operation has read already, what the
 * process remembers, a flight that is under way; and only then the call budget, the circuit and the attempt
 * itself, repeated where that may help. When the provider cannot be asked, a remembered read may stand in.
 */
export function createUpstream(options: UpstreamOptions): UpstreamPort & ReadRecall {
  const { clock, memory, sharedMemory, lifetimes = noLifetimes, budgetOf = () => null } = options;
  const { retry: policy = defaultRetryPolicy, random = Math.random, telemetry = {} } = options;
  const circuits = options.circuits ?? createCircuits(clock);
  const flights = createFlights(clock);
  const attempts = createAttempts({ clock, policy, circuits, random, budgetOf, telemetry });
  const remembers = (kind: keyof Lifetimes['maxAgeSeconds']) =>
    Math.max(lifetimes.maxAgeSeconds[kind], lifetimes.staleMaxAgeSeconds) > 0;

  const fleet = createFleetReads({ clock, lifetimes, sharedMemory });

  function keep(read: UpstreamRead<unknown>, key: string, { value, asOfMs }: Remembered): void {
    if (remembers(read.kind)) memory?.set(key, { value, asOfMs });
  }

  /** Reads the provider, unless another replica has done so just now. */
  function makeRead<T>(read: UpstreamRead<T>, key: string, context: ReadContext, party: Party) {
    const turn = fleet.takeTurn(read, key, context, party);
    if (turn === null) return attempts(read, party, (made) => keep(read, key, made));
    return makeReadInTurn(read, key, context, party, turn);
  }

  async function makeReadInTurn<T>(
    read: UpstreamRead<T>,
    key: string,
    context: ReadContext,
    party: Party,
    next: Promise<Turn>,
  ): Promise<Reading<T>> {
    const turn = await next;
    if (turn !== null && 'found' in turn) {
      context.meter.calls -= 1;
      keep(read, key, turn.found);
      return toReading<T>(turn.found, null);
    }
    try {
      const made = await attempts(read, party, (reading) => keep(read, key, reading));
      turn?.end(made);
      return made;
    } catch (error) {
      turn?.end(null);
      throw error;
    }
  }

  /** Boards a flight of the read, or begins one. */
  function fly<T>(read: UpstreamRead<T>, key: string, context: ReadContext) {
    return flights.share<T>(key, context, (party) => {
      // Before there is a flight: what this operation may not spend is nobody else's trouble.
      context.meter.calls += 1;
      return makeRead(read, key, context, party);
    });
  }

  function isFreshFor({ kind }: UpstreamRead<unknown>, asOfMs: number, context: ReadContext): boolean {
    return isFresh(asOfMs, lifetimes.maxAgeSeconds[kind], context, clock.now());
  }

  /** What a remembered read tells of this one: the read itself, or the one it is part of. */
  function recall<T>(read: UpstreamRead<T>, key: string, context: ReadContext): Reading<T> | null {
    const known = memory?.get(key) ?? null;
    if (known !== null && isFreshFor(read, known.asOfMs, context)) return toReading<T>(known, null);
    if (read.partOf === undefined || !remembers(read.kind)) return null;
    const whole = memory?.get(readKey(read.partOf.identity)) ?? null;
    if (whole === null || !isFreshFor(read, whole.asOfMs, context)) return null;
    const value = read.partOf.pick(whole.value);
    return value === undefined ? null : { value, asOfMs: whole.asOfMs, staleBecause: null };
  }

  /** Tells the operation what it got. */
  function use<T>(
    read: UpstreamRead<T>,
    key: string,
    { observer }: ReadContext,
    reading: Reading<T>,
    origin: ReadOrigin,
  ) {
    const { asOfMs } = reading;
    const freshUntilMs = asOfMs + lifetimes.maxAgeSeconds[read.kind] * 1_000;
    const { provider } = read.identity;
    // Nobody asks what an answer was made of that cannot be given again.
    const isRemembered = lifetimes.maxAgeSeconds[read.kind] > 0;
    const wholeKey = isRemembered && read.partOf !== undefined ? readKey(read.partOf.identity) : null;
    observer?.used({ provider, origin, asOfMs, freshUntilMs, key, wholeKey });
    telemetry.observer?.used(provider, read.kind, origin);
    return reading;
  }

  function isFreshUntil(freshUntilMs: number, asOfMs: number): boolean {
    const nowMs = clock.now();
    return nowMs < freshUntilMs && nowMs >= asOfMs;
  }

  async function answer<T>(read: UpstreamRead<T>, key: string, context: ReadContext): Promise<Reading<T>> {
    const recalled = recall(read, key, context);
    if (recalled !== null) return use(read, key, context, recalled, 'MEMORY');
    try {
      let { reading, isShared, startedAtMs } = await fly(read, key, context);
      // Who began the flight may have been content with what another replica had read before.
      if (isShared && reading.asOfMs < startedAtMs && !isFreshFor(read, reading.asOfMs, context)) {
        ({ reading, isShared } = await fly(read, key, { ...context, maxAgeSeconds: 0 }));
      }
      return use(read, key, context, reading, isShared ? 'SHARED' : 'UPSTREAM');
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      const { provider } = read.identity;
      const error = thrown.at(read.ledger === null ? { provider } : { provider, ledger: read.ledger });
      const stale = memory?.get(key) ?? (await fleet.find(read, key));
      const { staleMaxAgeSeconds } = lifetimes;
      if (stale === null || !mayStandIn(stale.asOfMs, error.code, staleMaxAgeSeconds, context, clock.now())) {
        throw error;
      }
      return use(read, key, context, toReading<T>(stale, error), 'STALE');
    }
  }

  return {
    read(read, context) {
      const key = readKey(read.identity);
      return shareInOperation(key, context, () => answer(read, key, context));
    },
    stillGives({ key, wholeKey, asOfMs, freshUntilMs }) {
      if (!isFreshUntil(freshUntilMs, asOfMs)) return false;
      // In the order of `recall`: a read of its own comes before what a whole one tells of it.
      const own = memory?.get(key) ?? null;
      if (own !== null && own.asOfMs >= asOfMs) return own.asOfMs === asOfMs;
      const whole = wholeKey === null ? null : (memory?.get(wholeKey) ?? null);
      return whole !== null && whole.asOfMs === asOfMs;
    },
  };
}

/** Equal keys are equal reads, so that what is remembered has the type the read gives. */
function toReading<T>({ value, asOfMs }: Remembered, staleBecause: Failure | null): Reading<T> {
  return { value: value as T, asOfMs, staleBecause };
}
