import { LRUCache } from 'lru-cache';
import type { ProviderCode } from '../domain/vocabulary.ts';

/** How many pages lists were last seen to have: decides before the first call what it will take. */
export interface ListLengths {
  /** Null when the list was not seen yet. */
  pageCountOf(listKey: string): number | null;
  note(listKey: string, pageCount: number): void;
  /** Accounts that a provider was last seen to have, its master account included; null when they were not listed yet. */
  accountCountOf(provider: ProviderCode): number | null;
  noteAccounts(provider: ProviderCode, accountCount: number): void;
}

/** Remembers the `listCountMax` lists noted or looked up last. A wrong memory costs a call, never a wrong answer. */
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
