import type { ProviderCode } from '../domain/vocabulary.ts';

/** What all replicas watch together. */
export interface WatchedCalls {
  /**
   * Calls that reading everything once takes which any replica watches; null when that is not known. Lists that several
   * watch are counted once, because they share the reads.
   */
  callsOf(provider: ProviderCode): number | null;
  /** `own` gives what this replica watches: one text for each call of a round, the same in every replica. */
  report(own: () => ReadonlyMap<ProviderCode, readonly string[]>): void;
}
