import type { BalanceKey } from '../domain/global-id.ts';
import type { AccountRef } from '../domain/model.ts';
import type { Ledger } from '../domain/vocabulary.ts';

// The rows of a list share their account, and each row with a balance needs these texts again.
const accountTexts = new WeakMap<AccountRef, string>();
const ledgerTexts = new WeakMap<AccountRef, Map<Ledger, string>>();

/** Readable text that identifies an account. */
export function accountText(account: AccountRef): string {
  const known = accountTexts.get(account);
  if (known !== undefined) return known;
  const text = JSON.stringify([account.provider, account.providerAccountId]);
  accountTexts.set(account, text);
  return text;
}

/** Text that identifies one ledger of an account. */
export function ledgerText(account: AccountRef, ledger: Ledger): string {
  const texts = ledgerTexts.get(account) ?? new Map<Ledger, string>();
  const known = texts.get(ledger);
  if (known !== undefined) return known;
  const text = JSON.stringify([account.provider, account.providerAccountId, ledger]);
  ledgerTexts.set(account, texts.set(ledger, text));
  return text;
}

/** Text that identifies a balance within its account and ledger. */
export function rowText({ currency, distinguishingId }: Omit<BalanceKey, 'account' | 'ledger'>): string {
  return distinguishingId === null ? currency : JSON.stringify([currency, distinguishingId]);
}
