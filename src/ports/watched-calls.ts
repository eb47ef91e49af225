import type { ProviderCode } from '../domain/vocabulary.ts';

/** Counts the calls of what all replicas watch. */
export interface WatchedCalls {
  /**
   * Calls needed to poll once everything that any replica watches; null if unknown. A list that several replicas
   * watch is counted once, because they share the reads.
   */
  callsOf(provider: ProviderCode): number | null;
  /** `own` gives what this replica watches: one text for each call, the same in every replica. */
  report(own: () => ReadonlyMap<ProviderCode, readonly string[]>): void;
}
