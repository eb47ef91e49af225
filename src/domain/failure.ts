import type { Ledger, ProviderCode } from './vocabulary.ts';

/** Every way in which a request can fail, as callers see it. The table in `graphql/errors.ts` covers all of them. */
export type FailureCode =
  | 'UPSTREAM_AUTH'
  | 'UPSTREAM_FORBIDDEN'
  | 'UPSTREAM_RATE_LIMITED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_SHAPE'
  | 'UPSTREAM_BUDGET_EXHAUSTED'
  | 'CALLS_EXCEEDED'
  | 'QUERY_TOO_COMPLEX'
  | 'PERSISTED_QUERY_NOT_IN_LIST'
  | 'QUERY_NOT_IN_SAFELIST'
  | 'CURSOR_INVALID'
  | 'CURSOR_FILTER_CHANGED'
  | 'ACCOUNT_NOT_FOUND'
  | 'ACCOUNT_OUT_OF_SCOPE'
  | 'UNAUTHENTICATED'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'CANCELLED';

/** What is known about a failure besides its code. Never contains an upstream body, a token or a key. */
export interface FailureDetails {
  readonly provider?: ProviderCode;
  readonly ledger?: Ledger;
  /** Whether a retry may succeed. */
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  /** The retries have been made, or would not help: no other layer should retry. */
  readonly retriesSpent?: boolean;
  /**
   * There is no access token, and none may be requested now. This was known before a call was made, or became known
   * because a call was refused. An earlier read may be served.
   */
  readonly tokenMissing?: 'BEFORE_CALL' | 'AFTER_CALL';
  /** HTTP status the provider answered with. */
  readonly upstreamStatus?: number;
  /** Something other than the provider answered, such as a proxy, so its refusal is not the provider's. */
  readonly notFromProvider?: boolean;
  /** Host and port of the request. For the log only; callers do not see it. */
  readonly upstreamHost?: string;
  /** The limit that an operation exceeds. */
  readonly limit?: { readonly measure: string; readonly maximum: number; readonly value?: number };
  readonly cause?: unknown;
}

/**
 * One frame is enough, because the message says what is wrong; capturing the whole stack takes longer than all else
 * here.
 */
const framesKept = 1;

/** What was thrown, as an error. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error('Something other than an error was thrown.', { cause: thrown });
}

/** The gateway's error class: a code, and a sentence that names the problem and the remedy. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = framesKept;
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }

  /** A copy with the provider and ledger added, unless the failure already names them. */
  at(source: { provider?: ProviderCode; ledger?: Ledger }): Failure {
    return new Failure(this.code, this.message, { ...source, ...this.details });
  }

  /** A copy that asks to wait `ms` milliseconds before the next try. */
  after(ms: number): Failure {
    return new Failure(this.code, this.message, { ...this.details, retryAfterSeconds: wholeSeconds(ms) });
  }
}

/** Milliseconds as whole seconds for `retryAfterSeconds`, rounded up, at least 1. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
