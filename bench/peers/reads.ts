import type { List } from '../limit/rows.ts';
import type { Source } from '../limit/source.ts';
import type { AccountRow, BalanceRow, TransactionRow } from '../upstream/data.ts';

/** The balances of one account; `account` is null for the master account. */
export interface BalancesKey {
  readonly ledger: 'BANKING' | 'PAYMENT';
  readonly account: string | null;
}

export interface BalanceKey extends BalancesKey {
  readonly currency: string;
}

/** What the resolvers read: rows of the upstream. Each rejects when the upstream refuses. */
export interface Reads {
  /** `pageNumber` is from 1. */
  accounts(pageNumber: number, pageSize: number): Promise<List<AccountRow>>;
  balance(key: BalanceKey): Promise<BalanceRow>;
  balances(key: BalancesKey): Promise<List<BalanceRow>>;
  transactions(account: string | null, pageNumber: number, pageSize: number): Promise<List<TransactionRow>>;
}

const balancePaths = { BANKING: '/v1/balances', PAYMENT: '/v2/payment/balances' };

/** One upstream call for each read. */
export function createReads(source: Source): Reads {
  const read = <Value>(path: string, account: string | null) => source.read(path, account) as Promise<Value>;
  return {
    accounts: (pageNumber, pageSize) =>
      read(`/v1/accounts?page_number=${pageNumber}&page_size=${pageSize}`, null),
    balance: ({ ledger, account, currency }) => read(`${balancePaths[ledger]}/${currency}`, account),
    balances: ({ ledger, account }) => read(`${balancePaths[ledger]}?page_number=1&page_size=10`, account),
    transactions: (account, pageNumber, pageSize) =>
      read(`/v1/balances/transactions?page_number=${pageNumber}&page_size=${pageSize}`, account),
  };
}
