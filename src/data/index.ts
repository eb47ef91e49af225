import type { Account, Transaction } from '../domain/model.ts';
import type { TimeSpan } from '../domain/time-buckets.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadingLookup } from '../ports/reading-store.ts';
import type { ReadContext } from '../ports/upstream.ts';
import { type AccountFilter, readAccountPage } from './accounts/account-list.ts';
import { type AccountReads, createAccountReads } from './accounts/accounts.ts';
import { type ActivityQuery, type ActivitySeries, readActivity } from './activity/activity.ts';
import type { SourceSums } from './activity/activity-sums.ts';
import type { ClosedWindows } from './activity/closed-windows.ts';
import { type BalancePage, readBalancePage } from './balances/balance-list.ts';
import type { BalanceFilter } from './balances/balance-sources.ts';
import { type BalanceReads, createBalanceReads } from './balances/balances.ts';
import {
  type BalanceHistory,
  type BalanceHistoryQuery,
  readBalanceHistory,
} from './history/balance-history.ts';
import {
  type BalanceStatement,
  readBalanceStatement,
  type StatementEntry,
} from './history/balance-statement.ts';
import { readStatementEntries } from './history/statement-entries.ts';
import type { ListLengths } from './list-lengths.ts';
import type { ListPage } from './list-page.ts';
import type { TransactionPaginator, TransactionWindows } from './pagination/index.ts';
import type { PageArguments } from './pagination/page.ts';
import type { CursorSigner } from './pagination/signed-cursor.ts';
import { type BalanceTotals, readBalanceTotals, type WantedConversion } from './totals/balance-totals.ts';
import {
  type CurrencyPair,
  createExchangeRateReads,
  type ExchangeRateList,
} from './totals/exchange-rates.ts';
import { createTransactionReads, type TransactionReads } from './transactions/transactions-by-id.ts';
import {
  createProviderIdReads,
  type ProviderTransactionKey,
} from './transactions/transactions-by-provider-id.ts';

/** Dependencies for reading; they live as long as the process. */
export interface ReadingPorts {
  /** Connected providers, in display order. */
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly paginator: TransactionPaginator & TransactionWindows;
  /** Sums of windows that have ended. */
  readonly closedWindows: ClosedWindows<SourceSums>;
  /** Upstream calls that one operation may make. */
  readonly callsMax: number;
  /** Stored readings of balances; null if none are stored. */
  readonly readings: ReadingLookup | null;
  readonly lengths: ListLengths;
  readonly signer: CursorSigner;
  readonly clock: Clock;
}

/** Everything one request reads, except pages of transactions. The same data is read once. */
export interface RequestReads {
  readonly accounts: Pick<AccountReads, 'one'>;
  readonly balances: Pick<BalanceReads, 'one' | 'expect'>;
  readonly transactions: TransactionReads;
  /** A transaction by the provider's own identifier; null when there is none. */
  transactionByProviderId(key: ProviderTransactionKey): Promise<Transaction | null>;
  accountPage(filter: AccountFilter, args: PageArguments): Promise<ListPage<Account>>;
  balancePage(filter: BalanceFilter, args: PageArguments): Promise<BalancePage>;
  activity(query: ActivityQuery): Promise<ActivitySeries>;
  balanceHistory(query: BalanceHistoryQuery, buckets: readonly TimeSpan[]): Promise<BalanceHistory | null>;
  balanceStatement(query: BalanceHistoryQuery): Promise<BalanceStatement | null>;
  statementEntries(statement: BalanceStatement, args: PageArguments): ListPage<StatementEntry>;
  balanceTotals(filter: BalanceFilter, conversion: WantedConversion | null): Promise<BalanceTotals>;
  /** Null when the provider is not connected or publishes no rates. */
  exchangeRates(
    provider: ProviderCode,
    pairs: readonly CurrencyPair[] | null,
  ): Promise<ExchangeRateList | null>;
}

/** Reads of one request: loaders start empty, so no caller gets another caller's data. */
export function createRequestReads(ports: ReadingPorts, context: ReadContext): RequestReads {
  const { providers, paginator, lengths, signer, clock } = ports;
  const accounts = createAccountReads(providers, lengths, context);
  const balances = createBalanceReads(providers, lengths, context);
  const now = () => clock.now();
  const exchangeRates = createExchangeRateReads(providers, context, now);
  const transactions = createTransactionReads(providers, context);
  return {
    accounts,
    balances,
    transactions,
    transactionByProviderId: createProviderIdReads(providers, paginator, context),
    accountPage: (filter, args) =>
      readAccountPage(filter, args, { providers, signer, reads: accounts, lengths, context, now }),
    balancePage: (filter, args) => readBalancePage(filter, args, { providers, balances, signer, now }),
    balanceTotals: (filter, conversion) =>
      readBalanceTotals(filter, conversion, { providers, balances, exchangeRates, now }),
    exchangeRates: exchangeRates.list,
    activity: (query) => readActivity(query, ports, context),
    balanceHistory: (query, buckets) => readBalanceHistory(query, buckets, ports, context),
    balanceStatement: (query) => readBalanceStatement(query, ports, context),
    statementEntries: (statement, args) => readStatementEntries(statement, args, signer),
  };
}
