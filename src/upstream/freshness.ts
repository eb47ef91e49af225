import type { Failure, FailureCode } from '../domain/failure.ts';
import type { ReadContext, UpstreamRead } from '../ports/upstream.ts';

/** How long reads may be served from the cache, in seconds; 0 caches nothing. */
export interface CacheTtls {
  readonly maxAgeSeconds: Readonly<Record<UpstreamRead<unknown>['kind'], number>>;
  /** Largest age of a read that may be served stale while the provider cannot be asked; 0 serves none. */
  readonly staleMaxAgeSeconds: number;
}

/** Caches nothing. */
export const noTtls: CacheTtls = {
  maxAgeSeconds: { accounts: 0, balances: 0, transactions: 0, rates: 0 },
  staleMaxAgeSeconds: 0,
};

/** How long a read is kept: while it is fresh, and then while it may be served stale; 0 keeps none. */
export function keptSeconds(ttls: CacheTtls, kind: UpstreamRead<unknown>['kind']): number {
  return Math.max(ttls.maxAgeSeconds[kind], ttls.staleMaxAgeSeconds);
}

/** Whether the caller accepts a read made, or begun, at `atMs`, whatever its age. */
export function mayUse(atMs: number, { maxAgeSeconds, freshFromMs }: ReadContext): boolean {
  return maxAgeSeconds !== 0 && atMs >= (freshFromMs ?? Number.NEGATIVE_INFINITY);
}

/** Largest age of a read for this caller, of what the configuration allows, in seconds. */
export function ageLimitSeconds(configuredSeconds: number, { maxAgeSeconds }: ReadContext): number {
  return Math.min(configuredSeconds, maxAgeSeconds ?? configuredSeconds);
}

/** Another replica's clock may be this much ahead of ours. */
const skewMsMax = 2_000;

/** Whether a read made at `asOfMs` is fresh enough for this caller. */
export function isFresh(asOfMs: number, ttlSeconds: number, context: ReadContext, nowMs: number): boolean {
  return mayUse(asOfMs, context) && isWithin(asOfMs, ageLimitSeconds(ttlSeconds, context), nowMs);
}

/** Failures that mean the provider could not be asked. Every other failure is the provider's answer. */
const staleCodes: readonly FailureCode[] = [
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_BUDGET_EXHAUSTED',
];

/**
 * Whether a read made at `asOfMs` may be served stale in place of one that failed because the provider could not be
 * asked.
 */
export function mayServeStale(
  asOfMs: number,
  { code, details }: Failure,
  staleMaxAgeSeconds: number,
  context: ReadContext,
  nowMs: number,
): boolean {
  const mayStandIn = staleCodes.includes(code) || details.tokenMissing !== undefined;
  if (!mayStandIn || context.freshFromMs !== undefined) return false;
  return isWithin(asOfMs, ageLimitSeconds(staleMaxAgeSeconds, context), nowMs);
}

function isWithin(asOfMs: number, seconds: number, nowMs: number): boolean {
  const ageMs = nowMs - asOfMs;
  return seconds > 0 && ageMs <= seconds * 1_000 && ageMs >= -skewMsMax;
}
