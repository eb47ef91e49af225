import type { Config } from '../config/config.ts';
import type { Clock } from '../ports/clock.ts';
import type { CachedReadCheck, ResponseCache } from '../ports/response-cache.ts';
import { createResponseCache } from '../server/response-cache.ts';

/** Whole answers take up to this share of the room for reads, on top of it. */
const roomShare = 1 / 4;

/** The memory for whole answers; null where no read may be shown twice, so no answer either. */
export function openResponseCache(
  { cache }: Config,
  cachedReads: CachedReadCheck,
  clock: Clock,
): ResponseCache | null {
  const maxAges = [cache.balanceMaxAgeSeconds, cache.transactionMaxAgeSeconds, cache.accountMaxAgeSeconds];
  if (Math.max(...maxAges) === 0) return null;
  const bytesMax = Math.ceil(cache.bytesMax * roomShare);
  return createResponseCache({ cachedReads, now: () => clock.now(), bytesMax });
}
