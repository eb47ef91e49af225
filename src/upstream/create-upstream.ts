import { Failure } from '../domain/failure.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { CachedReadCheck } from '../ports/response-cache.ts';
import {
  type CacheLookUps,
  never,
  type ReadContext,
  type ReadIdentity,
  type Reading,
  type ReadOrigin,
  type UpstreamPort,
  type UpstreamRead,
  withoutCache,
} from '../ports/upstream.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';
import { createAttempts } from './attempts.ts';
import type { CallBudget } from './call-budget.ts';
import { type Circuits, createCircuits } from './circuit.ts';
import { type CacheTtls, isFresh, keptSeconds, mayServeStale, noTtls } from './freshness.ts';
import { createInFlightReads, shareInOperation, type Waiters } from './in-flight-reads.ts';
import type { CachedRead, ReadCache, SharedReadCache } from './read-cache.ts';
import { readKey } from './read-key.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import { createSharedReads, type LastChange, type ReadLease } from './shared-reads.ts';
import { untilTrouble } from './stale-fallback.ts';

export interface UpstreamOptions {
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
  /** Caches reads in this process; default none. */
  readonly cache?: ReadCache;
  /** Caches reads for all replicas; default none. Only used together with `cache`. */
  readonly sharedCache?: SharedReadCache;
  /** Lets replicas share reads that webhooks cause; by default each replica makes its own. */
  readonly lastChange?: LastChange;
  /** How long reads are cached; default not at all. */
  readonly ttls?: CacheTtls;
  /** Passed in by callers that report their state. */
  readonly circuits?: Circuits;
  /** The call budget that a read is charged to; null for none. Default: no budgets. */
  readonly budgetOf?: (identity: ReadIdentity) => CallBudget | null;
  readonly telemetry?: UpstreamTelemetry;
  /**
   * How long a caller waits during trouble before it gets an earlier read that is not too old; by default, until the
   * read has failed.
   */
  readonly staleAfterMs?: number;
  /** Whether the cache that replicas share cannot be reached. */
  readonly isSharedCacheAway?: () => boolean;
}

/**
 * The upstream client, through which every read of a provider goes. It tries in this order: reads of the same
 * operation, the process's cache, an in-flight read, Redis; then it calls the provider, within the call budget, through
 * the circuit breaker, with retries. When it cannot ask the provider, it may serve a stale read.
 */
export function createUpstream(options: UpstreamOptions): UpstreamPort & CachedReadCheck {
  const { clock, cache, sharedCache, ttls = noTtls, budgetOf = () => null } = options;
  const { retry: policy = defaultRetryPolicy, random = Math.random, telemetry = {} } = options;
  const circuits = options.circuits ?? createCircuits(clock);
  const { staleAfterMs, isSharedCacheAway = () => false } = options;
  const inFlight = createInFlightReads(clock);
  const attempts = createAttempts({ clock, policy, circuits, random, budgetOf, telemetry });
  const isCached = ({ kind }: UpstreamRead<unknown>) => keptSeconds(ttls, kind) > 0;
  const sharedReads = createSharedReads({ clock, ttls, sharedCache, lastChange: options.lastChange });

  function keep(read: UpstreamRead<unknown>, key: string, { value, asOfMs }: CachedRead): void {
    if (isCached(read)) cache?.set(key, { value, asOfMs });
  }

  /** Calls the provider, unless another replica has just made the same read. */
  function readProvider<T>(read: UpstreamRead<T>, key: string, context: ReadContext, waiters: Waiters) {
    if (context.areReadsOnce === true) return attempts(read, waiters, () => {});
    const lease = sharedReads.acquireLease(read, key, context, waiters);
    if (lease === null) return attempts(read, waiters, (made) => keep(read, key, made));
    return readUnderLease(read, key, context, waiters, lease);
  }

  async function readUnderLease<T>(
    read: UpstreamRead<T>,
    key: string,
    context: ReadContext,
    waiters: Waiters,
    next: Promise<ReadLease>,
  ): Promise<Reading<T>> {
    const lease = await next;
    if (lease !== null && 'found' in lease) {
      context.meter.calls -= 1;
      keep(read, key, lease.found);
      return toReading<T>(lease.found, null);
    }
    try {
      const made = await attempts(read, waiters, (reading) => keep(read, key, reading));
      lease?.end(made);
      return made;
    } catch (error) {
      lease?.end(null);
      throw error;
    }
  }

  /** Joins the read in flight, or begins it. */
  function shareRead<T>(read: UpstreamRead<T>, key: string, context: ReadContext) {
    return inFlight.share<T>(key, context, (waiters) => {
      // Counted before the read is in flight: an operation at its call limit must fail alone.
      context.meter.calls += 1;
      return readProvider(read, key, context, waiters);
    });
  }

  function isFreshFor({ kind }: UpstreamRead<unknown>, asOfMs: number, context: ReadContext): boolean {
    return isFresh(asOfMs, ttls.maxAgeSeconds[kind], context, clock.now());
  }

  /** The fresh cached value of a read: its own, or taken from the larger read that includes it. */
  function lookUpCached<T>(
    read: UpstreamRead<T>,
    key: string,
    context: ReadContext,
    from: ReadCache['get'] | undefined = cache?.get,
  ): Reading<T> | null {
    const known = from?.(key) ?? null;
    if (known !== null && isFreshFor(read, known.asOfMs, context)) return toReading<T>(known, null);
    if (read.partOf === undefined || !isCached(read)) return null;
    const whole = from?.(readKey(read.partOf.identity)) ?? null;
    if (whole === null || !isFreshFor(read, whole.asOfMs, context)) return null;
    const value = read.partOf.pick(whole.value);
    return value === undefined ? null : { value, asOfMs: whole.asOfMs, staleBecause: null };
  }

  /** Notifies the observers of a reading. */
  function use<T>(
    read: UpstreamRead<T>,
    key: string,
    { observer }: ReadContext,
    reading: Reading<T>,
    origin: ReadOrigin,
  ) {
    const { asOfMs } = reading;
    const freshUntilMs = asOfMs + ttls.maxAgeSeconds[read.kind] * 1_000;
    const { provider } = read.identity;
    // `wholeKey` is only needed for responses that can be cached.
    const isCacheable = ttls.maxAgeSeconds[read.kind] > 0;
    const wholeKey = isCacheable && read.partOf !== undefined ? readKey(read.partOf.identity) : null;
    observer?.used({ provider, read, origin, asOfMs, freshUntilMs, key, wholeKey });
    telemetry.observer?.used(provider, read.kind, origin);
    return reading;
  }

  async function readFresh<T>(read: UpstreamRead<T>, key: string, context: ReadContext) {
    const found = await shareRead(read, key, context);
    const { reading, isShared, startedAtMs } = found;
    // The operation that began the read may have accepted an older read from another replica.
    const isTooOld = isShared && reading.asOfMs < startedAtMs && !isFreshFor(read, reading.asOfMs, context);
    return isTooOld ? shareRead(read, key, withoutCache(context)) : found;
  }

  /** Reads; null when there is trouble and an earlier read may be served instead. */
  async function freshUnlessTrouble<T>(read: UpstreamRead<T>, key: string, context: ReadContext) {
    const { provider, environment } = read.identity;
    const hasSpare = () => {
      const earlier = cache?.get(key) ?? null;
      return earlier !== null && isServable(earlier, notYet(provider, 0), context);
    };
    if (staleAfterMs === undefined || !hasSpare()) return { value: await readFresh(read, key, context) };
    // The earlier read may have become too old meanwhile; then the caller waits on.
    const isInTrouble = () =>
      hasSpare() &&
      (isSharedCacheAway() ||
        circuits.of(provider, environment, read.kind, read.ledger).isInTrouble(staleAfterMs) ||
        (budgetOf(read.identity)?.report().pausedUntilMs ?? null) !== null);
    return untilTrouble((detached) => readFresh(read, key, detached), context, {
      ...{ clock, isInTrouble },
      afterMs: staleAfterMs,
    });
  }

  function isServable({ asOfMs }: CachedRead, because: Failure, context: ReadContext): boolean {
    return mayServeStale(asOfMs, because, ttls.staleMaxAgeSeconds, context, clock.now());
  }

  async function answer<T>(read: UpstreamRead<T>, key: string, context: ReadContext): Promise<Reading<T>> {
    const cached = lookUpCached(read, key, context);
    if (cached !== null) return use(read, key, context, cached, 'MEMORY');
    try {
      const fresh = await freshUnlessTrouble(read, key, context);
      if (fresh === null) throw notYet(read.identity.provider, staleAfterMs ?? 0);
      const { reading, isShared } = fresh.value;
      return use(read, key, context, reading, isShared ? 'SHARED' : 'UPSTREAM');
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      const { provider } = read.identity;
      const error = thrown.at(read.ledger === null ? { provider } : { provider, ledger: read.ledger });
      const stale = cache?.get(key) ?? (await sharedReads.find(read, key));
      if (stale === null || !isServable(stale, error, context)) throw error;
      return use(read, key, context, toReading<T>(stale, error), 'STALE');
    }
  }

  /** Finds what `answer` would return without a call; never settles where `answer` would make or join a call. */
  async function answerCached<T>(
    read: UpstreamRead<T>,
    key: string,
    context: ReadContext,
    lookUps: CacheLookUps,
  ): Promise<Reading<T>> {
    const cached = lookUpCached(read, key, context, cache?.peek);
    if (cached === null && inFlight.isInFlight(key, context)) return never();
    const shared = cached === null ? await lookUps.waitFor(sharedReads.find(read, key)) : null;
    const isFreshShared = shared !== null && isFreshFor(read, shared.asOfMs, context);
    const reading = cached ?? (isFreshShared ? toReading<T>(shared, null) : null);
    if (reading === null) lookUps.missing(read);
    else lookUps.found(read);
    return reading ?? never();
  }

  return {
    read(read, context) {
      const key = readKey(read.identity);
      const { cachedOnly } = context;
      if (cachedOnly !== undefined) {
        return shareInOperation(key, context, () => answerCached(read, key, context, cachedOnly));
      }
      return shareInOperation(key, context, () => answer(read, key, context));
    },
    isCurrent({ key, wholeKey, asOfMs, freshUntilMs }) {
      const nowMs = clock.now();
      if (nowMs >= freshUntilMs || nowMs < asOfMs) return false;
      // In the order of `lookUpCached`: the read itself comes before a larger read that includes it.
      const own = cache?.get(key) ?? null;
      if (own !== null && own.asOfMs >= asOfMs) return own.asOfMs === asOfMs;
      const whole = wholeKey === null ? null : (cache?.get(wholeKey) ?? null);
      return whole !== null && whole.asOfMs === asOfMs;
    },
  };
}

/** Equal keys are equal reads, so a cached value has the type of the read. */
function toReading<T>({ value, asOfMs }: CachedRead, staleBecause: Failure | null): Reading<T> {
  return { value: value as T, asOfMs, staleBecause };
}

function notYet(provider: ProviderCode, afterMs: number): Failure {
  const message = `${provider} has not answered within ${afterMs} ms; the read goes on. Try again later.`;
  return new Failure('UPSTREAM_TIMEOUT', message, { retryable: true });
}
