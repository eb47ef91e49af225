import { LRUCache } from 'lru-cache';
import type { ProviderCode } from '../domain/vocabulary.ts';

/** How many pages lists last had, to decide before the first call how many calls are needed. */
export interface ListLengths {
  /** Null if the list has not been read. */
  pageCountOf(listKey: string): number | null;
  note(listKey: string, pageCount: number): void;
  /**
   * How many accounts a provider last had, its master account included; null if they have not been listed.
   */
  accountCountOf(provider: ProviderCode): number | null;
  noteAccounts(provider: ProviderCode, accountCount: number): void;
}

/**
 * Stores the `listCountMax` most recently used lists. An outdated length costs a call, but never causes a
 * wrong answer.
 */
export function createListLengths(listCountMax = 10_000): ListLengths {
  const pageCounts = new LRUCache<string, number>({ max: listCountMax });
  const accountCounts = new Map<ProviderCode, number>();
  return {
    accountCountOf: (provider) => accountCounts.get(provider) ?? null,
    noteAccounts: (provider, accountCount) => void accountCounts.set(provider, accountCount),
    pageCountOf: (listKey) => pageCounts.get(listKey) ?? null,
    note: (listKey, pageCount) => void pageCounts.set(listKey, pageCount),
  };
}
