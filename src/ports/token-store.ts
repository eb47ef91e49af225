import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';

/** A provider's access token. */
export interface AccessToken {
  readonly text: string;
  /** When it was issued, epoch milliseconds. */
  readonly issuedAtMs: number;
  /** When it expires, epoch milliseconds. */
  readonly expiresAtMs: number;
}

/**
 * The rejection of a token request after which no token may be requested with the credential until `untilMs`. Until
 * then the token store rejects every request for a token with the same error and `retryAfterSeconds`, without a call.
 */
export class TokenBackOff extends Failure {
  /** When the next token may be requested, epoch milliseconds. */
  readonly untilMs: number;
  /** Token requests in a row that the provider refused, this one included. Other failures do not count. */
  readonly refusals: number;

  constructor(failure: Failure, untilMs: number, refusals: number) {
    super(failure.code, failure.message, { ...failure.details, retriesSpent: true });
    this.untilMs = untilMs;
    this.refusals = refusals;
  }
}

/** One call to the token endpoint. `refusals`: requests in a row that the provider refused before this one. */
export type RequestToken = (signal: CancelSignal, refusals: number) => Promise<AccessToken>;

/**
 * Keeps one live token per credential, shared by everything that uses the credential. At some providers a new token
 * revokes the one before it, so only `replace` may request tokens.
 */
export interface TokenStore {
  /**
   * The current token, expired or not; null if there is none. `credential` is a digest. Returns a promise only if the
   * token has to be fetched, because every upstream call needs it.
   */
  get(credential: string): AccessToken | null | Promise<AccessToken | null>;
  /**
   * Replaces the token `replaced` (null: none yet) with a new one and resolves with the token that is then current. At
   * most one token is requested at a time per credential: concurrent callers wait for that request, and a caller whose
   * `replaced` is no longer current gets the newer token without a request. Retryable failures are retried a bounded
   * number of times here; then it rejects with `details.retriesSpent`. A token whose lock expired before it was issued
   * does not replace a newer one. `isEarly`: `replaced` is about to expire but still works, so it may be kept where
   * another token cannot be shared. Default: it was refused or has expired.
   */
  replace(
    credential: string,
    replaced: AccessToken | null,
    requestToken: RequestToken,
    isEarly?: boolean,
  ): Promise<AccessToken>;
  /** The provider has accepted a call with `token`. */
  accepted?(credential: string, token: AccessToken): void;
}

/**
 * The failure for a call that was refused because of its token when there is no other: it says that the call was made.
 */
export function afterRefusal(error: unknown): unknown {
  if (!(error instanceof Failure) || error.details.tokenMissing === undefined) return error;
  return new Failure(error.code, error.message, { ...error.details, tokenMissing: 'AFTER_CALL' });
}
