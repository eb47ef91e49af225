import type { Ledger, ProviderCode } from './vocabulary.ts';

/** Every way in which a request can fail, as callers see it. One table in `graphql/errors.ts` is closed over it. */
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

/** What is known of a failure beside its code. Nothing here ever holds an upstream body, a token or a key. */
export interface FailureDetails {
  readonly provider?: ProviderCode;
  readonly ledger?: Ledger;
  /** Asking again later may work. */
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  /** The layer that repeats attempts has done so already: nobody else should. */
  readonly retriesSpent?: boolean;
  /** HTTP status the provider answered with. */
  readonly upstreamStatus?: number;
  /** Something else than the provider answered: what it refused, the provider may not. */
  readonly notFromProvider?: boolean;
  /** Host and port that were spoken to. For the log: callers are not told. */
  readonly upstreamHost?: string;
  /** What an operation has too much of, and how much is allowed. */
  readonly limit?: { readonly measure: string; readonly maximum: number; readonly value?: number };
  readonly cause?: unknown;
}

/** Its words say what is wrong, so that where it was made is enough; the whole stack takes longer than all else of it. */
const framesKept = 1;

/** The one error class of the gateway: a code of the closed table, and a sentence that names thing and remedy. */
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

  /** The same failure with the place added where it was not known yet. */
  at(place: { provider?: ProviderCode; ledger?: Ledger }): Failure {
    return new Failure(this.code, this.message, { ...place, ...this.details });
  }
}
