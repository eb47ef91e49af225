import type { CancelSignal } from '../domain/cancellation.ts';
import type { Failure, FailureCode } from '../domain/failure.ts';
import type { Ledger, ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { UsedRead } from './response-cache.ts';

/**
 * Everything that distinguishes one upstream read from another. One function (`upstream/read-key.ts`) makes the key for
 * loaders, in-flight reads and caches from all of it.
 */
export interface ReadIdentity {
  readonly provider: ProviderCode;
  readonly environment: ProviderEnvironment;
  /** Digest of the credentials; never the credentials themselves. */
  readonly credential: string;
  /** Sub-account the read is made for; null for the master account. */
  readonly onBehalfOf: string | null;
  readonly method: 'GET' | 'POST';
  /** Path below the API base. */
  readonly path: string;
  /** Query parameters, in any order. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * A kind of call, as a provider's documentation writes it: `GET` and `/v1/balances/{currency}`. Placeholders stand for
 * identifiers, so that anyone may see a route.
 */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Path below the API base. */
  readonly path: string;
}

/** Most calls that one read may take: the first attempt and its retries. */
export const attemptsMax = 3;

/** One logical read of a provider: what it is, and how one attempt at it is made. */
export interface UpstreamRead<T> {
  readonly identity: ReadIdentity;
  /** The route of `identity`, without identifiers. */
  readonly route: Route;
  /** Decides how long the read may be cached, and which circuit breaker it uses. */
  readonly kind: 'accounts' | 'balances' | 'transactions' | 'rates';
  readonly ledger: Ledger | null;
  /**
   * Makes one attempt, parses the reply and returns plain data, which may be stored as JSON. Called again for a retry,
   * so it creates everything that must be new in each attempt (idempotency key, signature, one-time code). Rejects with
   * a `Failure`; `details.retryable` says whether another attempt may help. Calls `onStatus` with the HTTP status of
   * the reply.
   */
  attempt(signal: CancelSignal, onStatus?: (httpStatus: number) => void): Promise<T>;
  /** A larger read that includes this one, for example the list that holds a row. */
  readonly partOf?: WholeRead<T>;
}

/** A read that includes the value of a smaller one of the same kind and credential. */
export interface WholeRead<T> {
  readonly identity: ReadIdentity;
  /** Takes the smaller read's value from the value of this read; undefined if it is not there. */
  pick(whole: unknown): T | undefined;
}

/** A value and how old it is. */
export interface Reading<T> {
  readonly value: T;
  /** When the provider was asked, epoch milliseconds. */
  readonly asOfMs: number;
  /** Why the provider could not be asked, if this is an older cached value for that reason; otherwise null. */
  readonly staleBecause: Failure | null;
}

/** What all reads of one operation share: its caller, deadline, freshness and call count. */
export interface ReadContext {
  /** Aborts when the caller disconnects or the deadline passes. */
  readonly signal: CancelSignal;
  /** The deadline at which `signal` aborts, epoch milliseconds; absent when it is not known. */
  readonly deadlineMs?: number;
  /** Identifies the caller in the fair queue. */
  readonly callerId: string;
  /**
   * Largest acceptable age of a cached read, in seconds; null leaves it to the configuration. 0 requires a new read:
   * nothing that was read or begun before is used, not even within the operation.
   */
  readonly maxAgeSeconds: number | null;
  /** Earliest acceptable time of a read, epoch milliseconds, inclusive: no earlier read is used. */
  readonly freshFromMs?: number;
  /**
   * Set if replicas share reads that must be new. Used are one that another replica made at `freshFromMs` or later and, if
   * `maxAgeSeconds` is 0, one that it began after the latest webhook of the provider.
   */
  readonly sharesNew?: boolean;
  /** Counts the upstream calls of the operation so far. */
  readonly meter: CallMeter;
  /** Reads of the operation, done or in flight, by read key; maintained by the upstream client. Starts empty. */
  readonly readings: Map<string, Promise<Reading<unknown>>>;
  /** Notified of the operation's reads. */
  readonly observer?: ReadObserver;
  /**
   * Set for reads that are not expected to be repeated, such as the pages of an export: they are not cached, so that reads
   * which others repeat stay.
   */
  readonly areReadsOnce?: boolean;
  /**
   * Set if no calls may be made. Reads that this caller would get from a cache are answered from it, without leaving a
   * trace. All other reads never settle, so that nothing runs that depends on their values.
   */
  readonly cachedOnly?: CacheLookUps;
}

/** The same context, for reads that must be new: nothing that was read or begun before answers them. */
export function withoutCache(context: ReadContext): ReadContext {
  return { ...context, maxAgeSeconds: 0, sharesNew: false };
}

/** Observes reads that are only looked up in caches. */
export interface CacheLookUps {
  /** Waits for a cache outside this process; resolves as `lookUp` does. */
  waitFor<T>(lookUp: Promise<T>): Promise<T>;
  /** A read is cached. Called once for each. */
  found(read: Pick<UpstreamRead<unknown>, 'identity' | 'route' | 'ledger'>): void;
  /** A read would call the provider. Called once for each. */
  missing(read: Pick<UpstreamRead<unknown>, 'identity' | 'route' | 'ledger'>): void;
}

/** Never settles. Each use gets a promise of its own, because a promise keeps alive whatever waits for it. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

/** Where the value of a read came from. `SHARED`: an in-flight read of another operation. `MEMORY`: the read cache. */
export type ReadOrigin = 'UPSTREAM' | 'SHARED' | 'MEMORY' | 'STALE';

/** A read as observers see it: the same object for everything that happens to one read of an operation. */
export type ObservedRead = Pick<UpstreamRead<unknown>, 'identity' | 'route' | 'ledger'>;

/** One value that an operation received. */
export interface ReadUse extends UsedRead {
  readonly provider: ProviderCode;
  readonly read: ObservedRead;
  readonly origin: ReadOrigin;
}

/** One call to a provider. */
export interface EndedAttempt {
  readonly read: ObservedRead;
  /** How long it waited for the call budget. */
  readonly waitedMs: number;
  readonly durationMs: number;
  /** HTTP status of the reply; null if there was none. */
  readonly status: number | null;
  /** Why it failed; null when it did not. */
  readonly code: FailureCode | 'INTERNAL' | null;
}

/** Observes the reads of one operation. */
export interface ReadObserver {
  used(use: ReadUse): void;
  /** An attempt was made for this operation. */
  called(provider: ProviderCode): void;
  /** An attempt of this operation has ended. */
  ended?(attempt: EndedAttempt): void;
  /** An attempt of this operation waited for the call budget. */
  waited(provider: ProviderCode, waitedMs: number): void;
}

/** The upstream calls of an operation. */
export interface CallMeter {
  /** Upstream attempts, without token calls. */
  calls: number;
}

/** The upstream client: every read of a provider goes through it. */
export interface UpstreamPort {
  /** Rejects with a `Failure` that names the provider and the ledger of the read. */
  read<T>(read: UpstreamRead<T>, context: ReadContext): Promise<Reading<T>>;
}
