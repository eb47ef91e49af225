import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { ResponseBasis, UsedRead } from '../../ports/response-cache.ts';
import type { EndedAttempt, ReadObserver, ReadUse } from '../../ports/upstream.ts';
import type { CallReport } from './call-report.ts';

/** What one operation's reads cost at one provider. */
export interface ProviderCost {
  /** Calls made for this operation, including retries. */
  calls: number;
  /** Reads answered from the cache, including stale ones. */
  fromMemory: number;
  /** Reads among those that were stale because the provider could not be called. */
  stale: number;
  /** Reads that shared a call started by another operation. */
  sharedFlights: number;
  /** Longest wait for the call budget, in milliseconds. */
  waitedMs: number;
}

/** Records the age and the cost of one operation's reads. */
export class ReadRecord implements ReadObserver {
  /** Time of the oldest read used, in epoch milliseconds; null before the first. */
  oldestMs: number | null = null;
  /** Until when everything used is fresh, in epoch milliseconds. */
  freshUntilMs = Number.POSITIVE_INFINITY;
  readonly costs: Partial<Record<ProviderCode, ProviderCost>> = {};
  /** What became of each read; null when the caller did not ask for it. */
  callReport: CallReport | null = null;
  private readonly reads: UsedRead[] = [];
  private hasStale = false;

  used(use: ReadUse): void {
    const { provider, origin, asOfMs, freshUntilMs } = use;
    this.reads.push(use);
    this.callReport?.used(use);
    if (origin === 'STALE') this.hasStale = true;
    this.oldestMs = Math.min(this.oldestMs ?? asOfMs, asOfMs);
    this.freshUntilMs = Math.min(this.freshUntilMs, freshUntilMs);
    const cost = this.costOf(provider);
    if (origin === 'MEMORY' || origin === 'STALE') cost.fromMemory += 1;
    if (origin === 'STALE') cost.stale += 1;
    if (origin === 'SHARED') cost.sharedFlights += 1;
  }

  /** The reads behind an answer without errors; null when there were none, or when the answer must not be reused. */
  basis(): ResponseBasis | null {
    return this.reads.length === 0 || this.hasStale ? null : { reads: this.reads };
  }

  ended(attempt: EndedAttempt): void {
    this.callReport?.ended(attempt);
  }

  called(provider: ProviderCode): void {
    this.costOf(provider).calls += 1;
  }

  waited(provider: ProviderCode, waitedMs: number): void {
    const cost = this.costOf(provider);
    cost.waitedMs = Math.max(cost.waitedMs, waitedMs);
  }

  private costOf(provider: ProviderCode): ProviderCost {
    const known = this.costs[provider];
    if (known !== undefined) return known;
    const cost = { calls: 0, fromMemory: 0, stale: 0, sharedFlights: 0, waitedMs: 0 };
    this.costs[provider] = cost;
    return cost;
  }
}
