import type { FailureCode } from '../domain/failure.ts';
import type { ReadContext, UpstreamRead } from '../ports/upstream.ts';

/** How long reads may be shown without asking again, in seconds; 0 remembers nothing. */
export interface CacheTtls {
  readonly maxAgeSeconds: Readonly<Record<UpstreamRead<unknown>['kind'], number>>;
  /** Oldest read that may stand in while the provider cannot be asked; 0 lets none. */
  readonly staleMaxAgeSeconds: number;
}

/** Remembers nothing. */
export const noTtls: CacheTtls = {
  maxAgeSeconds: { accounts: 0, balances: 0, transactions: 0 },
  staleMaxAgeSeconds: 0,
};

/** Another replica's clock may be this much ahead of ours. */
const skewMsMax = 2_000;

/** Whether a read made at `asOfMs` is young enough for this caller to be shown again. */
export function isFresh(
  asOfMs: number,
  ttlSeconds: number,
  { maxAgeSeconds, freshFromMs }: ReadContext,
  nowMs: number,
): boolean {
  if (maxAgeSeconds === 0 || asOfMs < (freshFromMs ?? Number.NEGATIVE_INFINITY)) return false;
  return isWithin(asOfMs, Math.min(ttlSeconds, maxAgeSeconds ?? ttlSeconds), nowMs);
}

/** Troubles in which the provider could not be asked. Everything else is an answer, if a bad one. */
const staleCodes: readonly FailureCode[] = [
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_BUDGET_EXHAUSTED',
];

/** Whether a read made at `asOfMs` may stand in for one that failed with `code`. */
export function mayServeStale(
  asOfMs: number,
  code: FailureCode,
  staleMaxAgeSeconds: number,
  { maxAgeSeconds, freshFromMs }: ReadContext,
  nowMs: number,
): boolean {
  if (!staleCodes.includes(code) || freshFromMs !== undefined) return false;
  return isWithin(asOfMs, Math.min(staleMaxAgeSeconds, maxAgeSeconds ?? staleMaxAgeSeconds), nowMs);
}

function isWithin(asOfMs: number, seconds: number, nowMs: number): boolean {
  const ageMs = nowMs - asOfMs;
  return seconds > 0 && ageMs <= seconds * 1_000 && ageMs >= -skewMsMax;
}
