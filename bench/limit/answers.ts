import type { AccountRow, BalanceRow, TransactionRow } from '../upstream/data.ts';
import { laneAccounts } from '../upstream/data.ts';
import {
  accountPageSize,
  accountsBefore,
  deepPageNumber,
  deepPageSize,
  lastPageNumber,
  paymentCurrencies,
  type WorkloadName,
} from '../workloads.ts';
import { byCurrency, type List, toAvailable, toNode } from './rows.ts';
import type { Source } from './source.ts';

const ledger = '/v1/balances/transactions?page_number=';

/** The `data` of each workload's answer, with members in the order of its query. */
export const answers: Readonly<Record<WorkloadName, (source: Source, lane: number) => Promise<unknown>>> = {
  async W1(source, lane) {
    const row = (await source.read('/v1/balances/USD', accountOf(lane))) as BalanceRow;
    return { balance: { currency: row.currency, available: toAvailable(row) } };
  },

  async W2(source, lane) {
    const account = accountOf(lane);
    const [balances, page] = (await Promise.all([
      source.read('/v2/payment/balances?page_number=1&page_size=10', account),
      source.read(`${ledger}1&page_size=20`, account),
    ])) as [List<BalanceRow>, List<TransactionRow>];
    const data: Record<string, unknown> = {};
    for (const currency of paymentCurrencies) {
      const row = balances.data.find((balance) => balance.currency === currency);
      data[currency] = row === undefined ? null : { available: toAvailable(row) };
    }
    data.transactions = { nodes: page.data.map(toNode) };
    return data;
  },

  async W3(source, lane) {
    const pageNumber = accountsBefore(lane) / accountPageSize + 1;
    const list = (await source.read(
      `/v1/accounts?page_number=${pageNumber}&page_size=${accountPageSize}`,
      null,
    )) as List<AccountRow>;
    const nodes = await Promise.all(
      list.data.map(async ({ account_id, account_name }) => {
        const [balances, page] = (await Promise.all([
          source.read('/v1/balances?page_number=1&page_size=10', account_id),
          source.read(`${ledger}1&page_size=10`, account_id),
        ])) as [List<BalanceRow>, List<TransactionRow>];
        return {
          providerAccountId: account_id,
          name: account_name,
          balances: {
            nodes: balances.data.toSorted(byCurrency).map((row) => ({ available: toAvailable(row) })),
          },
          transactions: { nodes: page.data.map(toNode) },
        };
      }),
    );
    return { accounts: { nodes } };
  },

  async W4(source, lane) {
    const account = accountOf(lane);
    const [balances, page] = (await Promise.all([
      source.read('/v1/balances?page_number=1&page_size=10', account),
      source.read(`${ledger}1&page_size=50`, account),
    ])) as [List<BalanceRow>, List<TransactionRow>];
    const byCode = new Map(balances.data.map((row) => [row.currency, { available: toAvailable(row) }]));
    const nodes = page.data.map((row) => ({ ...toNode(row), balance: byCode.get(row.currency) ?? null }));
    return { transactions: { nodes } };
  },

  W5: (source, lane) => deepPage(source, deepPageNumber + lane, null),

  W6: (source, lane) => deepPage(source, lastPageNumber, accountOf(lane)),
};

async function deepPage(source: Source, pageNumber: number, account: string | null) {
  const path = `${ledger}${pageNumber}&page_size=${deepPageSize}`;
  const page = (await source.read(path, account)) as List<TransactionRow>;
  const pageInfo = { hasNextPage: pageNumber < page.total_pages };
  return { transactions: { nodes: page.data.map(toNode), pageInfo } };
}

function accountOf(lane: number): string {
  return laneAccounts[lane] as string;
}
