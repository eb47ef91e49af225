import { type CurrencyCodes, exactCodes } from '../domain/currency-code.ts';
import type { ExchangeRates } from '../domain/exchange-rate.ts';
import type { Account, AccountRef, Balance } from '../domain/model.ts';
import type { Ledger, ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { AccountFeed } from './account-feed.ts';
import type { Clock } from './clock.ts';
import type { HttpPort } from './http.ts';
import type { PageStream } from './page.ts';
import type { ParsedReplyCache } from './parsed-reply-cache.ts';
import type { ProviderLog } from './provider-log.ts';
import type { TokenStore } from './token-store.ts';
import type { TransactionFeed } from './transaction-feed.ts';
import type { ReadContext, Reading, Route, UpstreamPort } from './upstream.ts';

/** The accounts of one provider's credentials. */
export interface AccountRepository {
  /** The account that the credentials belong to. `connected` never lists it. */
  master(context: ReadContext): Promise<Reading<Account>>;
  /** Connected accounts, page by page. Ends at once for providers without any. */
  connected(context: ReadContext): PageStream<Account>;
  /** The same list from any index; absent if it can only be read from its beginning. Creating it makes no call. */
  readonly feed?: (context: ReadContext) => AccountFeed;
  /** False if `connected` is always empty and makes no call; absent if each page takes a call. */
  readonly hasConnected?: false;
  /** The route of a page of `connected`; absent if it makes no call. */
  readonly listRoute?: Route;
  /** One connected account; null if there is none. Absent if the provider has no such route. */
  readonly one?: (providerAccountId: string, context: ReadContext) => Promise<Reading<Account | null>>;
  /** The route of `one`; absent if it makes no call. */
  readonly oneRoute?: Route;
}

/** The balances of one ledger. */
export interface BalanceRepository {
  readonly ledger: Ledger;
  /** Most rows on a page; determines the number of calls for a list of known length. */
  readonly pageSizeMax: number;
  /** What identifies a balance within an account: `provider-id` if an account may hold a currency more than once. */
  readonly knownBy: 'currency' | 'provider-id';
  /** Digest of the credential that balances are read with; absent: their readings are not kept. */
  readonly credential?: string;
  /** The route of a page of `list`. */
  readonly listRoute: Route;
  /** All balances of an account in this ledger. */
  list(account: AccountRef, context: ReadContext): PageStream<Balance>;
  /**
   * One balance by currency: null if the provider says that there is none, `UNSURE` if its refusal may have another
   * reason, so that only the list can show it. Absent if the provider has no such route.
   */
  readonly one?: (
    account: AccountRef,
    currency: string,
    context: ReadContext,
  ) => Promise<Reading<Balance | null | 'UNSURE'>>;
  /** The route of `one`; present exactly if `one` is. */
  readonly oneRoute?: Route;
}

/** The exchange rates that a provider publishes. */
export interface ExchangeRateRepository {
  readonly route: Route;
  /** All pairs, by base, then quote, in one call. */
  all(context: ReadContext): Promise<Reading<ExchangeRates>>;
}

/** One connected provider. */
export interface Provider {
  readonly code: ProviderCode;
  readonly name: string;
  readonly environment: ProviderEnvironment;
  /** Ledgers this gateway reads, in display order. */
  readonly ledgers: readonly Ledger[];
  /** How the provider spells currency codes; absent where codes are used unchanged. */
  readonly codes?: CurrencyCodes;
  readonly accounts: AccountRepository;
  /** One repository per ledger that has balances. */
  readonly balances: ReadonlyMap<Ledger, BalanceRepository>;
  /** One feed per ledger whose transactions the provider lists; other ledgers are missing. */
  readonly transactions: ReadonlyMap<Ledger, TransactionFeed>;
  /** Absent if the provider publishes none. */
  readonly exchangeRates?: ExchangeRateRepository;
}

/** How a provider spells currency codes. */
export function codesOf(provider: Pick<Provider, 'codes'> | undefined): CurrencyCodes {
  return provider?.codes ?? exactCodes;
}

/** What adapters need from outside; each takes what it uses. */
export interface ProviderParts {
  readonly http: HttpPort;
  readonly upstream: UpstreamPort;
  readonly clock: Clock;
  readonly tokens: TokenStore;
  readonly replies: ParsedReplyCache;
  /** Absent when unreadable fields are not logged. */
  readonly log?: ProviderLog;
}
