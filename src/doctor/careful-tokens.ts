import { Failure } from '../domain/failure.ts';
import type { TokenStore } from '../ports/token-store.ts';
import type { UpstreamPort } from '../ports/upstream.ts';

/** A token was needed but not requested; no call was made. */
export class TokenWithheld extends Error {
  /**
   * `MAY_END_ANOTHER`: a new token might end one that is in use. `PROVEN_REFUSED`: the refused token worked for other
   * reads. `NEW_REFUSED`: the refused token had just been issued.
   */
  readonly reason: 'MAY_END_ANOTHER' | 'PROVEN_REFUSED' | 'NEW_REFUSED';

  constructor(reason: TokenWithheld['reason']) {
    super(`No token was requested: ${reason}`);
    this.name = 'TokenWithheld';
    this.reason = reason;
  }
}

export interface CarefulTokens {
  readonly tokenStore: TokenStore;
  /** Records that a read succeeded: its token is valid, so if another read refuses it, a new token would not help. */
  proven(): void;
  /** Logins and token requests that were made. */
  tokenCalls(): number;
  /** Tokens that were issued. */
  issued(): number;
}

/**
 * Wraps a token store so that it logs in at most once for each credential, even when the gateway would retry: refused
 * logins lock accounts, and a new token may end the previous one. With `mayRequestToken` false it uses only existing
 * tokens.
 */
export function createCarefulTokens(tokenStore: TokenStore, mayRequestToken: boolean): CarefulTokens {
  const tried = new Set<string>();
  /** The error of each refused login, thrown again for later requests. */
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

/** Wraps the upstream client without retries: a read is repeated only after a new token or a new one-time code. */
export function readWithoutRetries(upstream: UpstreamPort): UpstreamPort {
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
