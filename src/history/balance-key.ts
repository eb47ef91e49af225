import type { BalanceIdentity } from '../ports/reading-store.ts';

/** Text that stands for a balance in a store: different whenever any part of its identity is. */
export function balanceKey({
  environment,
  credential,
  account,
  ledger,
  currency,
  distinguishingId,
}: BalanceIdentity): string {
  const { provider, providerAccountId } = account;
  return JSON.stringify([
    provider,
    environment,
    credential,
    providerAccountId,
    ledger,
    currency,
    distinguishingId,
  ]);
}
