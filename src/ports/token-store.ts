import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';

/** A provider's access token. */
export interface AccessToken {
  readonly text: string;
  /** When it was minted, epoch milliseconds. */
  readonly mintedAtMs: number;
  /** When it expires, epoch milliseconds. */
  readonly expiresAtMs: number;
}

/**
 * What a mint rejects with when nobody shall mint with the credential for a while. Until then the vault tells
 * everybody the same, with `retryAfterSeconds`, and neither calls nor spends of the budget.
 */
export class TokenBackOff extends Failure {
  /** When the next mint may be made, epoch milliseconds. */
  readonly untilMs: number;
  /** Mints in a row that the provider refused, with this one; those that failed otherwise are not counted. */
  readonly refusals: number;

  constructor(failure: Failure, untilMs: number, refusals: number) {
    super(failure.code, failure.message, { ...failure.details, retriesSpent: true });
    this.untilMs = untilMs;
    this.refusals = refusals;
  }
}

/** One call for a token. `refusals`: mints in a row that were refused before this one. */
export type RequestToken = (signal: CancelSignal, refusals: number) => Promise<AccessToken>;

/**
 * Keeps one live token for each credential, shared by everybody who uses that credential. At some providers a
 * new token kills the one before it, so nothing but `replace` may mint.
 */
export interface TokenStore {
  /**
   * The token in force, expired or not; null when there is none. `credential` is a digest. A promise only where it has to
   * be fetched: every call asks.
   */
  get(credential: string): AccessToken | null | Promise<AccessToken | null>;
  /**
   * Puts a new token in the place of `replaced` (null: of none) and resolves with the token then in force.
   * Mints at most once at a time for a credential: whoever asks meanwhile waits for that mint; whoever asks
   * with a `replaced` that is no longer in force gets the newer token and no mint. A mint that fails in a
   * retryable way is repeated a bounded number of times here, then rejects with `details.retriesSpent`. A mint
   * that was overtaken (its lock ran out and another one finished) does not replace the newer token.
   */
  replace(credential: string, replaced: AccessToken | null, requestToken: RequestToken): Promise<AccessToken>;
}
