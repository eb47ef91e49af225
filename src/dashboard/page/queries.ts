import type { Money } from './amounts.ts';
import type { Operation } from './graphql-client.ts';

/** Outcome of one upstream source. */
export interface Source {
  readonly provider: string;
  readonly ledger: string | null;
  readonly providerAccountId: string | null;
  readonly state: 'OK' | 'STALE' | 'PARTIAL' | 'FAILED';
  readonly code: string | null;
  readonly retryAfterSeconds: number | null;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface ProviderRow {
  readonly code: string;
  readonly name: string;
  readonly environment: 'EMBEDDED' | 'SANDBOX' | 'PRODUCTION';
  readonly ledgers: readonly string[];
}

/** The caller and the connected providers. */
export const aboutQuery: Operation<{ readonly providers: readonly ProviderRow[] }, Record<string, never>> = {
  text: `query About {
  providers { code name environment ledgers }
}`,
};

export interface AccountRow {
  readonly id: string;
  readonly providerAccountId: string;
  readonly displayName: string;
  readonly shortReference: string | null;
  readonly country: string | null;
  readonly status: string | null;
  readonly statusRaw: string | null;
  readonly provider: { readonly name: string };
}

export interface AccountsData {
  readonly accounts: {
    readonly totalCount: number | null;
    readonly nodes: readonly AccountRow[];
    readonly pageInfo: PageInfo;
    readonly sources: readonly Source[];
  };
}

/** The name of one account. */
export const accountNameQuery: Operation<
  { readonly account: { readonly displayName: string } | null },
  { readonly id: string }
> = {
  text: `query AccountName($id: ID!) {
  account(id: $id) { displayName }
}`,
};

/** One page of accounts. */
export const accountsQuery: Operation<
  AccountsData,
  { readonly first: number; readonly after: string | null }
> = {
  text: `query Accounts($first: Int!, $after: String) {
  accounts(first: $first, after: $after) {
    totalCount
    nodes { id providerAccountId displayName shortReference country status statusRaw provider { name } }
    pageInfo { hasNextPage endCursor }
    sources { provider ledger providerAccountId state code retryAfterSeconds }
  }
}`,
};

/** Amounts that a ledger may report besides `available`. */
export const balanceParts = [
  'total',
  'pending',
  'payable',
  'reserved',
  'frozen',
  'margin',
  'prepaid',
] as const;

export interface BalanceRow
  extends Readonly<Record<(typeof balanceParts)[number] | 'available', Money | null>> {
  readonly id: string;
  readonly ledger: string;
  readonly currency: string;
  readonly providerBalanceId: string | null;
  readonly provider: { readonly code: string; readonly name: string };
  readonly account: { readonly id: string; readonly name: string | null; readonly isMaster: boolean } | null;
  readonly status: string | null;
  readonly statusRaw: string | null;
  readonly lastTradeAt: string | null;
  readonly asOf: string;
}

export interface BalancesData {
  readonly balances: {
    readonly totalCount: number | null;
    readonly asOf: string;
    readonly nodes: readonly BalanceRow[];
    readonly pageInfo: PageInfo;
    readonly sources: readonly Source[];
  };
}

/** Balances of one account, or of the master accounts. */
export const balancesQuery: Operation<
  BalancesData,
  { readonly filter: { readonly accountIds?: readonly string[] }; readonly after: string | null }
> = {
  text: `query Balances($filter: BalanceFilter, $after: String) {
  balances(first: 100, after: $after, filter: $filter) {
    totalCount
    asOf
    nodes {
      id ledger currency providerBalanceId status statusRaw lastTradeAt asOf
      provider { code name }
      account { id name isMaster }
      ${['available', ...balanceParts].map((part) => `${part} { amount currency }`).join('\n      ')}
    }
    pageInfo { hasNextPage endCursor }
    sources { provider ledger providerAccountId state code retryAfterSeconds }
  }
}`,
};

export interface BalancesChangedData {
  readonly balancesChanged: { readonly trigger: string; readonly nextLookSeconds: number };
}

/** Reports that a balance of an account, or of the master accounts, has changed. */
export const balancesChangedQuery: Operation<
  BalancesChangedData,
  { readonly filter: { readonly accountIds: readonly string[] } | null }
> = {
  text: `subscription BalancesChanged($filter: BalanceFilter) {
  balancesChanged(filter: $filter) { trigger nextLookSeconds }
}`,
};

export interface TransactionRow {
  readonly id: string;
  readonly providerTransactionId: string;
  readonly shortId: string | null;
  readonly provider: { readonly name: string };
  readonly ledger: string;
  readonly type: string;
  readonly typeRaw: string;
  readonly status: string;
  readonly statusRaw: string;
  readonly direction: string;
  readonly amount: Money | null;
  readonly signedAmount: Money | null;
  readonly fee: Money | null;
  readonly counterAmount: Money | null;
  readonly exchangeRate: string | null;
  readonly endingBalance: Money | null;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly referenceId: string | null;
  readonly channel: string | null;
  readonly network: string | null;
  readonly description: string | null;
}

export interface TransactionFilter {
  readonly accountIds?: readonly string[];
  readonly ledgers?: readonly string[];
  readonly currencies?: readonly string[];
  readonly types?: readonly string[];
  readonly statuses?: readonly string[];
  readonly directions?: readonly string[];
  readonly createdAt?: { readonly from: string | null; readonly to: string | null };
}

export interface TransactionsData {
  readonly transactions: {
    readonly totalCount: number | null;
    readonly asOf: string;
    readonly nodes: readonly TransactionRow[];
    readonly pageInfo: PageInfo;
    readonly sources: readonly Source[];
  };
}

/** One page of transactions, newest first. */
export const transactionsQuery: Operation<
  TransactionsData,
  { readonly filter: TransactionFilter; readonly first: number; readonly after: string | null }
> = {
  text: `query Transactions($filter: TransactionFilter, $first: Int!, $after: String) {
  transactions(first: $first, after: $after, filter: $filter) {
    totalCount
    asOf
    nodes {
      id providerTransactionId shortId ledger type typeRaw status statusRaw direction
      provider { name }
      amount { amount currency }
      signedAmount { amount currency }
      fee { amount currency }
      counterAmount { amount currency }
      exchangeRate
      endingBalance { amount currency }
      createdAt completedAt referenceId channel network description
    }
    pageInfo { hasNextPage endCursor }
    sources { provider ledger providerAccountId state code retryAfterSeconds }
  }
}`,
};
