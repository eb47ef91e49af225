import type { FailureCode } from '../domain/failure.ts';
import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';
import type { ReadOrigin, Route, UpstreamRead } from './upstream.ts';

/** What kind of call goes to which provider, without path or identifiers. */
export interface UpstreamCall {
  readonly provider: ProviderCode;
  /** `token`: a call of the token endpoint. */
  readonly kind: UpstreamRead<unknown>['kind'] | 'token';
  readonly ledger: Ledger | null;
}

/** One attempt at a read. */
export interface CallAttempt {
  readonly route: Route;
  /** From 1. */
  readonly attemptNumber: number;
  /** How long it waited for the call budget. */
  readonly waitedMs: number;
  /** HTTP status of the reply; null while there is none. */
  status(): number | null;
}

/** How a call ended. `INTERNAL`: a bug in the gateway. */
export type CallOutcome = 'OK' | FailureCode | 'INTERNAL';

/** Counts upstream reads and calls. Called for every read, so it must be cheap; never throws. */
export interface UpstreamObserver {
  /** A call to a provider has ended. */
  called(call: UpstreamCall, outcome: CallOutcome, durationMs: number): void;
  /** A call was sent, or given up before, after a wait for a free connection and for connecting. */
  sent(provider: ProviderCode, waitedMs: number): void;
  /** An operation received the value of a read. */
  used(provider: ProviderCode, kind: UpstreamRead<unknown>['kind'], origin: ReadOrigin): void;
  /** A read has waited for the call budget. */
  waited(provider: ProviderCode, waitedMs: number): void;
  /** A read was refused by the call budget. */
  refused(provider: ProviderCode, code: FailureCode): void;
}

/** Traces each call to a provider. */
export interface CallTracer {
  /** Makes the call in a span below the current one. `attempt` is absent for calls of the token endpoint. */
  trace<T>(call: UpstreamCall, make: () => Promise<T>, attempt?: CallAttempt): Promise<T>;
  /** Adds a span for a wait for the call budget that has just ended. */
  waited(provider: ProviderCode, waitedMs: number): void;
}

/** Observers of the calls to providers; all optional. */
export interface UpstreamTelemetry {
  readonly observer?: UpstreamObserver;
  readonly tracer?: CallTracer;
}

/** What went wrong with Redis: too slow, out of memory, not connected, access refused, or something else. */
export type RedisTrouble = 'SLOW' | 'FULL' | 'GONE' | 'REFUSED' | 'OTHER';

/** Counts Redis commands. Never throws. */
export interface RedisObserver {
  /** A command was answered or given up. `durationMs` is null when it was not sent for lack of a connection. */
  commanded(durationMs: number | null, trouble: RedisTrouble | null): void;
  /** A command was skipped because Redis has just failed. */
  skipped(): void;
}
