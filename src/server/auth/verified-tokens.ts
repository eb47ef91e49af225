import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../../domain/caller.ts';

/** Caches the callers of recently verified tokens. Stores digests, not tokens. */
export interface VerifiedTokens {
  /**
   * Returns null when the token must be verified, and always for a token that has expired by `nowMs`, in epoch
   * milliseconds.
   */
  callerOf(token: string, nowMs: number): Caller | null;
  /** `expiresSecond` is the claim `exp`. */
  keep(token: string, caller: Caller, expiresSecond: number, nowMs: number): void;
}

interface Verified {
  readonly caller: Caller;
  readonly expiresSecond: number;
  readonly verifiedMs: number;
}

/** Also bounds how long a token still works after the issuer has withdrawn its key. */
const keptMs = 60_000;
const tokensMax = 10_000;

/**
 * Creates the cache. Verifying a signature takes 0.2 to 0.3 ms of CPU, several times as much as an answer from the
 * cache, and callers send the same token again and again.
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
      // After the clock was set back, `nowMs` may be before the token's start.
      if (ageMs < 0 || ageMs >= keptMs) return null;
      return expiresSecond > Math.floor(nowMs / 1_000) - toleranceSeconds ? caller : null;
    },
    keep(token, caller, expiresSecond, nowMs) {
      verified.set(digestOf(token), { caller, expiresSecond, verifiedMs: nowMs });
    },
  };
}
