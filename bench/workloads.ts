import { encodeAccountId } from '../src/domain/global-id.ts';
import { dashboardAccounts, laneAccounts } from './upstream/data.ts';

/** What is measured: one operation, asked over and over. */
export interface Workload {
  readonly name: WorkloadName;
  readonly title: string;
  readonly query: string;
  /**
   * Variables of one lane. Each connection of the load generator is a lane and asks for data of its own, so that the
   * gateway cannot let concurrent requests share an upstream call.
   */
  variables(lane: number, cursors: readonly string[]): Readonly<Record<string, string>>;
  /** Connections that ask at the same time. */
  readonly laneCount: number;
  /** Upstream calls that one answer needs. */
  readonly callsPerAnswer: number;
}

export type WorkloadName = 'W1' | 'W2' | 'W3' | 'W4' | 'W5';

export const laneCountMax = laneAccounts.length;
/** Pages of W5: the first lane reads this one (from 1), each further lane the one behind it. */
export const deepPageNumber = 400;
export const deepPageSize = 25;

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
    title: '20 accounts, 3 balances and 10 transactions each',
    query: `query W3 {
      accounts(first: ${dashboardAccounts.length}, filter: { statuses: [ACTIVE] }) { nodes {
        providerAccountId name
        balances(filter: { ledgers: [BANKING] }) { nodes { available { amount currency } } }
        transactions(first: 10, filter: { ledgers: [BANKING] }) { nodes { ${row} } }
      } }
    }`,
    variables: () => ({}),
    // Everybody asks for the same accounts here: a second lane would share the calls of the first.
    laneCount: 1,
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
    title: '25 transactions, 400 pages deep',
    query: `query W5($after: String!) {
      transactions(first: ${deepPageSize}, after: $after, filter: { ledgers: [BANKING] }) {
        nodes { ${row} } pageInfo { hasNextPage }
      }
    }`,
    variables: (lane, cursors) => ({ after: cursors[lane] ?? '' }),
    laneCount: laneCountMax,
    callsPerAnswer: 1,
  },
];

/** Asks for the cursors of W5: somebody walks there once. */
export const walkQuery = `query Walk($first: Int!, $after: String) {
  transactions(first: $first, after: $after, filter: { ledgers: [BANKING] }) { pageInfo { endCursor } }
}`;

function accountOf(lane: number): string {
  return encodeAccountId({ provider: 'UQPAY', providerAccountId: laneAccounts[lane] ?? null });
}
