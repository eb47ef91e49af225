import { Failure } from '../../domain/failure.ts';
import type { Account, AccountRef } from '../../domain/model.ts';
import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import type { PageStream } from '../../ports/page.ts';
import type { AccountRepository } from '../../ports/provider.ts';

/** The accounts of a provider whose credentials belong to one account and reveal nothing about it. Makes no call. */
export function createMasterOnlyRepository(
  provider: ProviderCode,
  ledger: Ledger,
  now: () => number,
): AccountRepository {
  const account: Account = {
    ref: { provider, providerAccountId: null },
    providerAccountId: 'master',
    shortReference: null,
    name: null,
    country: null,
    status: null,
    statusRaw: null,
    ledgers: [ledger],
  };
  return {
    master: async () => ({ value: account, asOfMs: now(), staleBecause: null }),
    connected: noAccounts,
    hasConnected: false,
    one: async () => ({ value: null, asOfMs: now(), staleBecause: null }),
  };
}

async function* noAccounts(): PageStream<Account> {}

/** Throws ACCOUNT_NOT_FOUND for every account but the master account. */
export function checkMaster(
  { provider, providerAccountId }: AccountRef,
  providerName: string,
  ledger: Ledger,
): void {
  if (providerAccountId === null) return;
  throw new Failure(
    'ACCOUNT_NOT_FOUND',
    `${providerName} has one account only, the one the credentials belong to.`,
    { provider, ledger, retryable: false },
  );
}
