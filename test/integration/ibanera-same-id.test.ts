import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startThreeProviders, type ThreeProviders } from './three-providers.fixture.ts';

// No document says that a transaction's Id is unique across asset accounts.

let three: ThreeProviders;
let accountIds: readonly number[];

beforeAll(async () => {
  const behaviour = { transactionIdsAreUnique: false } as const;
  const env = { TRANSACTION_MAX_AGE_SECONDS: '0', STALE_MAX_AGE_SECONDS: '0' };
  three = await startThreeProviders({ env, ibanera: { seed: 'empty', behaviour } });
  accountIds = ['USD', 'EUR'].map((asset) => three.ibanera.addAccount({ asset }).id);
});

afterAll(() => three.close());

interface Row {
  readonly id: string;
  readonly providerTransactionId: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly balance: { readonly providerBalanceId: string };
}

interface Page {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const fields = 'id providerTransactionId amount { amount currency } balance { providerBalanceId }';

async function walk(size: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let page: Page | null = null;
  do {
    const { data, errors } = await three.ask(
      `query($size: Int, $after: String) { transactions(first: $size, after: $after, filter: { providers: [IBANERA] }) {
        nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
      { size, after: page?.pageInfo.endCursor ?? null },
    );
    expect(errors).toEqual([]);
    page = (data as { transactions: Page }).transactions;
    rows.push(...page.nodes);
  } while (page.pageInfo.hasNextPage);
  return rows;
}

const apartMs = [0, 500, 5_000];

describe.each(apartMs)('one Id in two asset accounts, %i ms apart', (apart) => {
  const id = 5_000 + apart;
  beforeEach(() => {
    const [usd = 0, eur = 0] = accountIds;
    const at = Date.now() - 60_000;
    const add = (AccountsId: number, Amount: string, ms: number) =>
      three.ibanera.insertTransaction({ Id: id, AccountsId, Amount, DateTime: new Date(ms).toISOString() });
    add(usd, '-1.50', at);
    add(eur, '1.40', at + apart);
  });

  test('is two rows, each with its own id and balance', async () => {
    try {
      for (const size of [20, 1]) {
        const rows = await walk(size);
        expect(rows.map(({ amount, balance }) => [amount.amount, balance.providerBalanceId]).sort()).toEqual([
          ['-1.50', String(accountIds[0])],
          ['1.40', String(accountIds[1])],
        ]);
        expect(rows.map(({ providerTransactionId }) => providerTransactionId)).toEqual([`${id}`, `${id}`]);
        expect(new Set(rows.map((row) => row.id)).size).toBe(2);
        const ids = rows.map((row) => row.id);
        const { data, errors } = await three.ask(
          `query($ids: [ID!]!, $one: ID!, $twin: ID!) {
            nodes(ids: $ids) { ... on Transaction { ${fields} } }
            one: transaction(id: $one) { ${fields} } twin: transaction(id: $twin) { ${fields} } }`,
          { ids, one: ids[0], twin: ids[1] },
        );
        expect(errors).toEqual([]);
        expect(data).toEqual({ nodes: rows, one: rows[0], twin: rows[1] });
      }
    } finally {
      three.ibanera.deleteTransaction(id);
    }
  });
});
