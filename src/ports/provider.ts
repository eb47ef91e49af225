import { type CurrencyCodes, exactCodes } from '../domain/currency-code.ts';
import type { Account, AccountRef, Balance } from '../domain/model.ts';
import type { Ledger, ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { PageStream } from './page.ts';
import type { TransactionFeed } from './transaction-feed.ts';
import type { ReadContext, Reading } from './upstream.ts';

/** The accounts of one provider's credentials. */
export interface AccountRepository {
  /** The account the credentials belong to. Never on a page of `connected`. */
  master(context: ReadContext): Promise<Reading<Account>>;
  /** Connected accounts, at most `pageSizeMax` a page. Ends at once for providers without any. */
  connected(context: ReadContext): PageStream<Account>;
  /** False where `connected` is always empty and costs no call; absent where a page of it is a call. */
  readonly hasConnected?: false;
  /** One connected account; null when there is none. Absent where the provider has no such route. */
  readonly one?: (providerAccountId: string, context: ReadContext) => Promise<Reading<Account | null>>;
}

/** The balances of one ledger. */
export interface BalanceRepository {
  readonly ledger: Ledger;
  /** Rows a list page holds at most; says what a list costs once its length is known. */
  readonly pageSizeMax: number;
  /** What tells two balances of an account apart: `provider-id` where it may hold a currency more than once. */
  readonly knownBy: 'currency' | 'provider-id';
  /** All balances of an account in this ledger. */
  list(account: AccountRef, context: ReadContext): PageStream<Balance>;
  /**
   * One balance by currency: null when the provider says there is none, `UNSURE` when its refusal may mean
   * that or something else (then only the list can tell). Absent where the provider has no such route.
   */
  readonly one?: (
    account: AccountRef,
    currency: string,
    context: ReadContext,
  ) => Promise<Reading<Balance | null | 'UNSURE'>>;
}

/** One connected provider. */
export interface Provider {
  readonly code: ProviderCode;
  readonly name: string;
  readonly environment: ProviderEnvironment;
  /** Ledgers this gateway reads, in display order. */
  readonly ledgers: readonly Ledger[];
  /** How it spells currencies; absent where codes are taken as they are. */
  readonly codes?: CurrencyCodes;
  readonly accounts: AccountRepository;
  /** One book per ledger that has balances. */
  readonly balances: ReadonlyMap<Ledger, BalanceRepository>;
  /** One book per ledger whose transactions the provider lists; a ledger that is missing has no list. */
  readonly transactions: ReadonlyMap<Ledger, TransactionFeed>;
}

/** How a provider spells currencies. */
export function codesOf(provider: Pick<Provider, 'codes'> | undefined): CurrencyCodes {
  return provider?.codes ?? exactCodes;
}
