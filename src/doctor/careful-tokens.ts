import { Failure } from '../domain/failure.ts';
import type { TokenVault } from '../ports/token-store.ts';
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
  readonly vault: TokenVault;
  /** A read went well: its token is good, and a refusal of it is no reason for another one. */
  proven(): void;
  /** Logins and token calls made. */
  mintCalls(): number;
  /** Tokens that came of them. */
  minted(): number;
}

/**
 * A vault that logs in once for each credential and never again, not even where the gateway would repeat it: refused
 * logins lock accounts, and a new token may end the one before it. With `mayMint` false it uses the tokens there are.
 */
export function createCarefulTokens(vault: TokenVault, mayMint: boolean): CarefulTokens {
  const tried = new Set<string>();
  /** What a login was refused with, to be told again to whoever asks for one. */
  const refusals = new Map<string, unknown>();
  let isProven = false;
  let mintedCount = 0;
  return {
    vault: {
      get: (credential) => vault.get(credential),
      async replace(credential, replaced, mint) {
        if (replaced !== null && isProven) throw new TokenWithheld('PROVEN_REFUSED');
        if (refusals.has(credential)) throw refusals.get(credential);
        if (tried.has(credential)) throw new TokenWithheld('NEW_REFUSED');
        if (!mayMint) throw new TokenWithheld('MAY_END_ANOTHER');
        return vault.replace(credential, replaced, async (signal, refusalCount) => {
          tried.add(credential);
          const token = await mint(signal, refusalCount).catch((error: unknown) => {
            refusals.set(credential, withoutRetries(error));
            throw withoutRetries(error);
          });
          mintedCount += 1;
          return token;
        });
      },
    },
    proven() {
      isProven = true;
    },
    mintCalls: () => tried.size,
    minted: () => mintedCount,
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
