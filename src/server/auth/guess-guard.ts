import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../domain/failure.ts';
import { customerNetwork } from '../../domain/ip-address.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RequestCounter } from '../../ports/request-counter.ts';
import type { Authenticate } from './authenticator.ts';

export interface GuessGuardOptions {
  readonly counter: RequestCounter;
  /** Different credentials that one address may try in vain in a minute; 0: any number. */
  readonly failedPerMinute: number;
  readonly clock: Clock;
}

/** Credentials whose fate is remembered, and addresses that are refused, at the same time. */
const rememberedMax = 10_000;

/**
 * Bounds how many credentials an address can try out. Past the bound, those never seen before are refused unchecked
 * (RATE_LIMITED) until the minute is over. Whoever shares the address is not locked out: a credential that was good
 * before is checked as ever, the same bad one again is no new guess, and a trusted proxy that does not say for whom it
 * asks is not counted.
 */
export function guardGuesses(
  authenticate: Authenticate,
  { counter, failedPerMinute, clock }: GuessGuardOptions,
): Authenticate {
  if (failedPerMinute === 0) return authenticate;
  const good = new LRUCache<string, true>({ max: rememberedMax });
  const bad = new LRUCache<string, true>({ max: rememberedMax });
  const refusedUntilMs = new LRUCache<string, number>({ max: rememberedMax });

  return async (headers, origin) => {
    const { authorization } = headers;
    if (typeof authorization !== 'string' || !origin.isClientKnown) return authenticate(headers, origin);
    const key = `guess:${customerNetwork(origin.client)}`;
    const digest = createHash('sha256').update(authorization).digest('base64');
    if (!good.has(digest) && !bad.has(digest)) {
      const waitMs = (refusedUntilMs.get(key) ?? 0) - clock.now();
      if (waitMs > 0) throw tooManyGuesses(waitMs);
    }
    try {
      const caller = await authenticate(headers, origin);
      good.set(digest, true);
      return caller;
    } catch (error) {
      if (isGuess(error) && !bad.has(digest)) {
        bad.set(digest, true);
        const { count, endsInMs } = await counter.count(key);
        if (count >= failedPerMinute) refusedUntilMs.set(key, clock.now() + endsInMs);
      }
      throw error;
    }
  };
}

/** A good credential without rights is none, and neither is one that nobody could check. */
function isGuess(error: unknown): boolean {
  return error instanceof Failure && error.code === 'UNAUTHENTICATED';
}

function tooManyGuesses(waitMs: number): Failure {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new Failure(
    'RATE_LIMITED',
    `Too many credentials from this address were not good. Ask again with a good one in ${retryAfterSeconds} s.`,
    { retryable: true, retryAfterSeconds },
  );
}
