import type { Config } from '../config/config.ts';
import type { Clock } from '../ports/clock.ts';
import type { CachedReadCheck, ResponseCache } from '../ports/response-cache.ts';
import { createResponseCache } from '../server/response-cache.ts';

/** Size of the response cache, as a share of the read cache's size, in addition to it. */
const roomShare = 1 / 4;

/** Opens the response cache; null when no reads are cached, because then no response can be either. */
export function openResponseCache(
  { cache }: Config,
  cachedReads: CachedReadCheck,
  clock: Clock,
): ResponseCache | null {
  const maxAges = [
    cache.balanceMaxAgeSeconds,
    cache.transactionMaxAgeSeconds,
    cache.accountMaxAgeSeconds,
    cache.exchangeRateMaxAgeSeconds,
  ];
  if (Math.max(...maxAges) === 0) return null;
  const bytesMax = Math.ceil(cache.bytesMax * roomShare);
  return createResponseCache({ cachedReads, now: () => clock.now(), bytesMax });
}
