import { Failure } from '../domain/failure.ts';
import type { TokenStore } from '../ports/token-store.ts';
import type { UpstreamPort } from '../ports/upstream.ts';

/** A token that was asked for and not minted; nobody was called. */
export class TokenWithheld extends Error {
  /**
   * `MAY_END_ANOTHER`: somebody may be using one that a new one would end. `PROVEN_REFUSED`: other reads went well with
   * the one that was refused. `NEW_REFUSED`: it was minted a moment ago.
   */
  readonly reason: 'MAY_END_ANOTHER' | 'PROVEN_REFUSED' | 'NEW_REFUSED';

  constructor(reason: TokenWithheld['reason']) {
    super(`No token was minted: ${reason}`);
    this.name = 'TokenWithheld';
    this.reason = reason;
  }
}

export interface CarefulTokens {
  readonly tokenStore: TokenStore;
  /** A read went well: its token is good, and a refusal of it is no reason for another one. */
  proven(): void;
  /** Logins and token calls made. */
  tokenCalls(): number;
  /** Tokens that came of them. */
  issued(): number;
}

/**
 * A vault that logs in once for each credential and never again, not even where the gateway would repeat it: refused
 * logins lock accounts, and a new token may end the one before it. With `mayRequestToken` false it uses the tokens there are.
 */
export function createCarefulTokens(tokenStore: TokenStore, mayRequestToken: boolean): CarefulTokens {
  const tried = new Set<string>();
  /** What a login was refused with, to be told again to whoever asks for one. */
  const refusals = new Map<string, unknown>();
  let isProven = false;
  let issuedCount = 0;
  return {
    tokenStore: {
      get: (credential) => tokenStore.get(credential),
      async replace(credential, replaced, requestToken, isEarly) {
        if (replaced !== null && isProven) throw new TokenWithheld('PROVEN_REFUSED');
        if (refusals.has(credential)) throw refusals.get(credential);
        if (tried.has(credential)) throw new TokenWithheld('NEW_REFUSED');
        if (!mayRequestToken) throw new TokenWithheld('MAY_END_ANOTHER');
        return tokenStore.replace(
          credential,
          replaced,
          async (signal, refusalCount) => {
            tried.add(credential);
            const token = await requestToken(signal, refusalCount).catch((error: unknown) => {
              refusals.set(credential, withoutRetries(error));
              throw withoutRetries(error);
            });
            issuedCount += 1;
            return token;
          },
          isEarly,
        );
      },
    },
    proven() {
      isProven = true;
    },
    tokenCalls: () => tried.size,
    issued: () => issuedCount,
  };
}

/** The gate, but nothing is repeated: only what a new token or one-time code has changed is asked for again. */
export function askOnce(upstream: UpstreamPort): UpstreamPort {
  return {
    read: (read, context) =>
      upstream.read(
        {
          ...read,
          attempt: (signal) =>
            read.attempt(signal).catch((error: unknown) => {
              const isNewPass = error instanceof Failure && error.code === 'UPSTREAM_AUTH';
              throw isNewPass ? error : withoutRetries(error);
            }),
        },
        context,
      ),
  };
}

function withoutRetries(error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  return new Failure(error.code, error.message, { ...error.details, retriesSpent: true });
}
