/** How fresh a caller wants its answer. */
export interface RequestFreshness {
  /** Greatest acceptable age of a read; null leaves it to the gateway. */
  readonly maxAgeSeconds: number | null;
  /** Whether every read must start after the request. */
  readonly isFromNow: boolean;
}

/**
 * Parses a request's `Cache-Control` (RFC 9111 section 5.2.1): `no-cache`, `no-store` and `max-age=0` require new
 * reads, `max-age=N` reads at most N seconds old. Anything else, including invalid directives, is ignored.
 */
export function parseRequestFreshness(cacheControl: string | undefined): RequestFreshness {
  let maxAgeSeconds: number | null = null;
  for (const part of (cacheControl ?? '').toLowerCase().split(',')) {
    const directive = part.trim();
    if (directive === 'no-cache' || directive === 'no-store') return { maxAgeSeconds: null, isFromNow: true };
    const seconds = /^max-age="?(\d{1,10})"?$/.exec(directive)?.[1];
    if (seconds !== undefined)
      maxAgeSeconds = Math.min(maxAgeSeconds ?? Number.POSITIVE_INFINITY, Number(seconds));
  }
  return maxAgeSeconds === 0 ? { maxAgeSeconds: null, isFromNow: true } : { maxAgeSeconds, isFromNow: false };
}
