import type { ProviderCode } from '../domain/vocabulary.ts';
import type { ResponseBasis, UsedRead } from '../ports/response-cache.ts';
import type { EndedAttempt, ReadObserver, ReadUse } from '../ports/upstream.ts';
import type { CallReport } from './call-report.ts';

/** What one operation's reads cost at one provider. */
export interface ProviderCost {
  /** Calls made for this operation, repeated ones included. */
  calls: number;
  /** Reads answered from memory, stale ones included. */
  fromMemory: number;
  /** Of those: reads that stood in because the provider could not be asked. */
  stale: number;
  /** Reads that shared a call another operation had begun. */
  sharedFlights: number;
  /** Longest wait for the call budget, in milliseconds. */
  waitedMs: number;
}

/** Follows one operation's reads: how old they are, and what they cost. */
export class ReadRecord implements ReadObserver {
  /** When the oldest read used was made, epoch milliseconds; null before any was used. */
  oldestMs: number | null = null;
  /** Until when all that was used may be shown again, epoch milliseconds. */
  freshUntilMs = Number.POSITIVE_INFINITY;
  readonly costs: Partial<Record<ProviderCode, ProviderCost>> = {};
  /** What became of each read; null where nobody asked for it. */
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

  /** What an answer without errors was made of; null when it was made of nothing, or must not be given again. */
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
