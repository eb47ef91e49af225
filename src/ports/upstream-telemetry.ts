import type { FailureCode } from '../domain/failure.ts';
import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';
import type { ReadOrigin, UpstreamRead } from './upstream.ts';

/** What a call to a provider is about; no path, no identifier. */
export interface UpstreamCall {
  readonly provider: ProviderCode;
  /** `token`: a call of the token endpoint. */
  readonly kind: UpstreamRead<unknown>['kind'] | 'token';
  readonly ledger: Ledger | null;
}

/** How a call ended. `INTERNAL`: through a mistake of ours. */
export type CallOutcome = 'OK' | FailureCode | 'INTERNAL';

/** Counts what goes through the gate. Called for every read: cheap, and never throws. */
export interface UpstreamObserver {
  /** A call to a provider has ended. */
  called(call: UpstreamCall, outcome: CallOutcome, durationMs: number): void;
  /** An operation was given the value of a read. */
  used(provider: ProviderCode, kind: UpstreamRead<unknown>['kind'], origin: ReadOrigin): void;
  /** A read has waited for the call budget. */
  waited(provider: ProviderCode, waitedMs: number): void;
  /** A read was refused by the call budget. */
  refused(provider: ProviderCode, code: FailureCode): void;
}

/** Makes a trace of each call to a provider. */
export interface CallTracer {
  /** Makes the call, as part of whatever is being traced now. */
  trace<T>(call: UpstreamCall, make: () => Promise<T>): Promise<T>;
}

/** Who follows the calls to providers; nobody has to. */
export interface UpstreamTelemetry {
  readonly observer?: UpstreamObserver;
  readonly tracer?: CallTracer;
}

/**
 * What went wrong with Redis: it was too slow, had no room, was not connected, did not let us in; or anything else.
 */
export const redisTroubles = ['SLOW', 'FULL', 'GONE', 'REFUSED', 'OTHER'] as const;
export type RedisTrouble = (typeof redisTroubles)[number];

/** Counts what is asked of Redis. Never throws. */
export interface RedisObserver {
  /** A command was answered, or was given up. Null: it was not even sent, for lack of a connection. */
  commanded(durationMs: number | null, trouble: RedisTrouble | null): void;
  /** Redis was left alone for a moment because of earlier trouble. */
  skipped(): void;
}
