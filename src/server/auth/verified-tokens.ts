import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../../domain/caller.ts';

/** Callers by tokens whose signature and claims were found good a short while ago. Holds digests, no token. */
export interface VerifiedTokens {
  /** Null: verify it. Never for a token that has expired by `nowMs`, epoch milliseconds. */
  callerOf(token: string, nowMs: number): Caller | null;
  /** `expiresSecond` is the claim `exp`. */
  keep(token: string, caller: Caller, expiresSecond: number, nowMs: number): void;
}

interface Verified {
  readonly caller: Caller;
  readonly expiresSecond: number;
  readonly verifiedMs: number;
}

/** A key that the issuer withdraws goes on for as long as its tokens are remembered: no longer than this. */
const keptMs = 60_000;
const tokensMax = 10_000;

/**
 * Verifying a signature takes 0.2 to 0.3 ms of CPU, several times what an answer from memory does, and callers send
 * the same token again and again.
 */
export function createVerifiedTokens(toleranceSeconds: number): VerifiedTokens {
  const verified = new LRUCache<string, Verified>({ max: tokensMax });
  const digestOf = (token: string) => hash('sha256', token, 'base64');
  return {
    callerOf(token, nowMs) {
      const known = verified.get(digestOf(token));
      if (known === undefined) return null;
      const { caller, expiresSecond, verifiedMs } = known;
      const ageMs = nowMs - verifiedMs;
      // A clock that was put back may be before the token's beginning.
      if (ageMs < 0 || ageMs >= keptMs) return null;
      return expiresSecond > Math.floor(nowMs / 1_000) - toleranceSeconds ? caller : null;
    },
    keep(token, caller, expiresSecond, nowMs) {
      verified.set(digestOf(token), { caller, expiresSecond, verifiedMs: nowMs });
    },
  };
}
