import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Failure, wholeSeconds } from '../../domain/failure.ts';
import { customerNetwork } from '../../domain/ip-address.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RequestCounter } from '../../ports/request-counter.ts';
import type { Authenticate } from './authenticator.ts';

export interface GuessGuardOptions {
  readonly counter: RequestCounter;
  /** Different credentials that may fail from one address in a minute; 0 for no limit. */
  readonly failedPerMinute: number;
  readonly clock: Clock;
}

/** Most credentials whose outcome is cached, and most addresses that are refused, at the same time. */
const entriesMax = 10_000;

/**
 * Bounds how many credentials an address can try. Beyond the bound, unknown credentials are refused unchecked
 * (RATE_LIMITED) until the minute is over. Others behind the same address are not locked out: a credential that was
 * valid before is still checked, and repeating the same invalid one is no new guess. A trusted proxy that does not name
 * its client is not counted.
 */
export function guardGuesses(
  authenticate: Authenticate,
  { counter, failedPerMinute, clock }: GuessGuardOptions,
): Authenticate {
  if (failedPerMinute === 0) return authenticate;
  const good = new LRUCache<string, true>({ max: entriesMax });
  const bad = new LRUCache<string, true>({ max: entriesMax });
  const refusedUntilMs = new LRUCache<string, number>({ max: entriesMax });

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

/** Whether a credential was invalid. A valid one without rights is no guess, nor is one that could not be checked. */
function isGuess(error: unknown): boolean {
  return error instanceof Failure && error.code === 'UNAUTHENTICATED';
}

function tooManyGuesses(waitMs: number): Failure {
  const retryAfterSeconds = wholeSeconds(waitMs);
  return new Failure(
    'RATE_LIMITED',
    `Too many wrong credentials from this address. Try again with a valid one in ${retryAfterSeconds} s.`,
    { retryable: true, retryAfterSeconds },
  );
}
