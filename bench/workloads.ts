import { encodeAccountId } from '../src/domain/global-id.ts';
import { laneAccounts, transactionCount } from './upstream/data.ts';

/** One measured operation, sent repeatedly. */
export interface Workload {
  readonly name: WorkloadName;
  readonly title: string;
  readonly query: string;
  /**
   * Variables of one lane. Each connection of the load generator is a lane and requests different data, so that
   * concurrent requests cannot share an upstream call.
   */
  variables(lane: number, cursors: Cursors): Readonly<Record<string, string>>;
  /** Number of concurrent connections. */
  readonly laneCount: number;
  /** Upstream calls that one answer needs. */
  readonly callsPerAnswer: number;
}

export type WorkloadName = 'W1' | 'W2' | 'W3' | 'W4' | 'W5' | 'W6';

/** Cursors of pages that were paged or jumped to before, by lane. */
export interface Cursors {
  /** Pages of accounts (W3). */
  readonly accounts: readonly string[];
  /** Pages deep in one list (W5). */
  readonly deep: readonly string[];
  /** The last page of each lane's list, as a numbered pager opens it (W6). */
  readonly pager: readonly string[];
}

export const noCursors: Cursors = { accounts: [], deep: [], pager: [] };

export const laneCountMax = laneAccounts.length;
export const deepPageSize = 25;
/** The last page of a list (from 1): W6 opens it. */
export const lastPageNumber = transactionCount / deepPageSize;
/** Pages of W5: the first lane reads this one, each further lane the next one, the last lane the last page. */
export const deepPageNumber = lastPageNumber - laneCountMax + 1;

export const accountPageSize = 20;
/** Accounts before the page that a lane of W3 opens; no page spans two of the provider's pages. */
export const accountsBefore = (lane: number) => lane * 100 + 2 * accountPageSize;

export const paymentCurrencies = ['USD', 'EUR', 'GBP', 'SGD', 'HKD', 'CNY', 'JPY', 'AUD', 'CAD', 'CHF'];

const row = 'providerTransactionId createdAt type status amount { amount currency }';

export const workloads: readonly Workload[] = [
  {
    name: 'W1',
    title: 'one balance',
    query: `query W1($account: ID!) {
      balance(ledger: BANKING, currency: "USD", accountId: $account) { currency available { amount currency } }
    }`,
    variables: (lane) => ({ account: accountOf(lane) }),
    laneCount: laneCountMax,
    callsPerAnswer: 1,
  },
  {
    name: 'W2',
    title: 'ten balances by currency, first 20 transactions',
    query: `query W2($account: ID!) {
      ${paymentCurrencies
        .map(
          (currency) =>
            `${currency}: balance(ledger: PAYMENT, currency: "${currency}", accountId: $account) { available { amount currency } }`,
        )
        .join('\n')}
      transactions(first: 20, filter: { ledgers: [BANKING], accountIds: [$account] }) { nodes { ${row} } }
    }`,
    variables: (lane) => ({ account: accountOf(lane) }),
    laneCount: laneCountMax,
    callsPerAnswer: 2,
  },
  {
    name: 'W3',
    title: '20 of 800 accounts, 3 balances and 10 transactions each',
    query: `query W3($after: String!) {
      accounts(first: ${accountPageSize}, after: $after, filter: { statuses: [ACTIVE] }) { nodes {
        providerAccountId name
        balances(filter: { ledgers: [BANKING] }) { nodes { available { amount currency } } }
        transactions(first: 10, filter: { ledgers: [BANKING] }) { nodes { ${row} } }
      } }
    }`,
    variables: (lane, { accounts }) => ({ after: accounts[lane] ?? '' }),
    // Each makes 41 calls at a time.
    laneCount: 4,
    callsPerAnswer: 41,
  },
  {
    name: 'W4',
    title: '50 transactions with their balances',
    query: `query W4($account: ID!) {
      transactions(first: 50, filter: { ledgers: [BANKING], accountIds: [$account] }) {
        nodes { ${row} balance { available { amount currency } } }
      }
    }`,
    variables: (lane) => ({ account: accountOf(lane) }),
    laneCount: laneCountMax,
    callsPerAnswer: 2,
  },
  {
    name: 'W5',
    title: '25 transactions on one of the last of 400 pages, by cursor',
    query: `query W5($after: String!) {
      transactions(first: ${deepPageSize}, after: $after, filter: { ledgers: [BANKING] }) {
        nodes { ${row} } pageInfo { hasNextPage }
      }
    }`,
    variables: (lane, { deep }) => ({ after: deep[lane] ?? '' }),
    laneCount: laneCountMax,
    callsPerAnswer: 1,
  },
  {
    name: 'W6',
    title: 'the last of 400 pages of 25 transactions, by pager',
    query: `query W6($account: ID!, $after: String!) {
      transactions(first: ${deepPageSize}, after: $after, filter: { ledgers: [BANKING], accountIds: [$account] }) {
        nodes { ${row} } pageInfo { hasNextPage }
      }
    }`,
    variables: (lane, { pager }) => ({ account: accountOf(lane), after: pager[lane] ?? '' }),
    laneCount: laneCountMax,
    callsPerAnswer: 1,
  },
];

/** Queries for the cursors of W3 and W5, which are paged to once. */
export const accountsWalk = `query Accounts($first: Int!, $after: String) {
  accounts(first: $first, after: $after, filter: { statuses: [ACTIVE] }) { pageInfo { endCursor } }
}`;
export const deepWalk = `query Walk($first: Int!, $after: String) {
  transactions(first: $first, after: $after, filter: { ledgers: [BANKING] }) { pageInfo { endCursor } }
}`;

/** Queries a cursor of W6. */
export const pagerQuery = `query Pager($account: ID!) {
  transactions(first: ${deepPageSize}, filter: { ledgers: [BANKING], accountIds: [$account] }) {
    pageCursors { last { cursor page } }
  }
}`;

/** The account of a lane, as callers name it. */
export function accountOf(lane: number): string {
  return encodeAccountId({ provider: 'UQPAY', providerAccountId: laneAccounts[lane] ?? null });
}
