import type { CancelSignal } from '../domain/cancellation.ts';
import type { Failure } from '../domain/failure.ts';
import type { Ledger, ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { UsedRead } from './response-cache.ts';

/**
 * Everything that makes one upstream read different from another. The key of every loader, flight, memory and
 * budget is made of all of it, by one function (`upstream/read-key.ts`).
 */
export interface ReadIdentity {
  readonly provider: ProviderCode;
  readonly environment: ProviderEnvironment;
  /** Digest that stands for the credentials; never the credentials themselves. */
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

/** One logical read of a provider: what it is, and how one attempt at it is made. */
export interface UpstreamRead<T> {
  readonly identity: ReadIdentity;
  /** Decides how long the answer may be remembered, and which circuit the read belongs to. */
  readonly kind: 'accounts' | 'balances' | 'transactions';
  readonly ledger: Ledger | null;
  /**
   * Makes one attempt, parses the reply and returns plain data (it may be stored as JSON). Called again for a
   * retry: whatever has to be fresh for each attempt (idempotency key, signature, one-time code) is made here.
   * Rejects with a `Failure`; `details.retryable` says whether another attempt may help.
   */
  attempt(signal: CancelSignal): Promise<T>;
  /** A read that tells this one too, for example the list that a row is on. */
  readonly partOf?: WholeRead<T>;
}

/** A read that holds the value of a smaller one of the same kind and credential. */
export interface WholeRead<T> {
  readonly identity: ReadIdentity;
  /** The smaller read's value, from the value of the read with `identity`; undefined when that does not tell. */
  pick(whole: unknown): T | undefined;
}

/** A value and how old it is. */
export interface Reading<T> {
  readonly value: T;
  /** When the provider was asked, epoch milliseconds. */
  readonly asOfMs: number;
  /** Set when an earlier read stands in because the provider could not be asked now: why it could not. */
  readonly staleBecause: Failure | null;
}

/** What one operation's reads share: who asks, until when, how fresh it must be, and what it has cost. */
export interface ReadContext {
  /** Aborts when the caller has gone or the deadline has passed. */
  readonly signal: CancelSignal;
  /** When `signal` will abort for lack of time, epoch milliseconds; absent when that is not known. */
  readonly deadlineMs?: number;
  /** Stands for the caller in the fair queue. */
  readonly callerId: string;
  /**
   * Oldest acceptable remembered read, in seconds; null leaves it to the configuration. 0 insists on a read of
   * its own: nothing that was made or begun before is shared, not even within the operation.
   */
  readonly maxAgeSeconds: number | null;
  /**
   * Reads made before this moment do not do, epoch milliseconds: the caller wants what is true since then. A read
   * made in the same millisecond does.
   */
  readonly freshFromMs?: number;
  /** Counts what the operation has cost so far. */
  readonly meter: CallMeter;
  /** What the operation has read or is reading, by read key; kept by the upstream. Empty to begin with. */
  readonly readings: Map<string, Promise<Reading<unknown>>>;
  /** Told what became of the operation's reads. */
  readonly observer?: ReadObserver;
}

/** Where the value of a read came from. `SHARED` is a read that another operation had begun. */
export type ReadOrigin = 'UPSTREAM' | 'SHARED' | 'MEMORY' | 'STALE';

/** One value an operation was given. */
export interface ReadUse extends UsedRead {
  readonly provider: ProviderCode;
  readonly origin: ReadOrigin;
}

/** Follows the reads of one operation. */
export interface ReadObserver {
  used(use: ReadUse): void;
  /** An attempt is made on behalf of this operation. */
  called(provider: ProviderCode): void;
  /** An attempt of this operation waited for the call budget. */
  waited(provider: ProviderCode, waitedMs: number): void;
}

/** What an operation has cost. */
export interface CallMeter {
  /** Upstream attempts, token calls left out. */
  calls: number;
}

/** The way to a provider: every upstream read of the gateway passes through here once. */
export interface UpstreamPort {
  /** Rejects with a `Failure` that names the provider and the ledger of the read. */
  read<T>(read: UpstreamRead<T>, context: ReadContext): Promise<Reading<T>>;
}
