import type { BalanceKey } from '../domain/global-id.ts';
import type { AccountRef } from '../domain/model.ts';
import type { Ledger } from '../domain/vocabulary.ts';

/** Text that stands for an account; readable, and different for different accounts. */
export function accountText({ provider, providerAccountId }: AccountRef): string {
  return JSON.stringify([provider, providerAccountId]);
}

/** Text that stands for one ledger of an account. */
export function ledgerText({ provider, providerAccountId }: AccountRef, ledger: Ledger): string {
  return JSON.stringify([provider, providerAccountId, ledger]);
}

/** Text that stands for a balance within its account and ledger. */
export function rowText({ currency, distinguishingId }: Omit<BalanceKey, 'account' | 'ledger'>): string {
  return distinguishingId === null ? currency : JSON.stringify([currency, distinguishingId]);
}
