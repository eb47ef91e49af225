// The whole gateway over HTTP with all three providers connected: paging over lists by page number, by page token and
// by account, compared with the sandboxes' own data.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parseInstant } from '../../src/domain/instant.ts';
import { startThreeProviders, type ThreeProviders } from './three-providers.fixture.ts';

interface Row {
  readonly id: string;
  readonly ledger: string;
  readonly providerTransactionId: string;
  readonly createdAt: string;
}
interface Page {
  readonly nodes: readonly Row[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
}

// Hundreds of requests, on a machine that may be busy.
jest.setTimeout(60_000);

const dayMs = 86_400_000;
let three: ThreeProviders;

// No cache: a cached page would hide a row that moved.
const env = { TRANSACTION_MAX_AGE_SECONDS: '0', BALANCE_MAX_AGE_SECONDS: '0' };

async function startFilled(): Promise<ThreeProviders> {
  const started = await startThreeProviders({ env });
  const { uqpay } = started;
  for (let index = 0; index < 150; index += 1) {
    const create_time = new Date(
      Math.floor((Date.now() - index * 0.4 * dayMs) / 1_000) * 1_000,
    ).toISOString();
    uqpay.insertTransaction(index % 3 === 0 ? 'issuing' : 'banking', { create_time });
  }
  return started;
}

beforeAll(async () => {
  three = await startFilled();
});
afterAll(() => three.close());
beforeEach(() => three.resetCalls());

/** The sandboxes' rows, as `LEDGER id`. */
function recordOf({ uqpay, ibanera, noah, sandboxes }: ThreeProviders): string[] {
  const { masterAccountId } = sandboxes.UQPAY;
  return [
    ...uqpay.transactions('banking', masterAccountId).map((row) => `BANKING ${row.transaction_id}`),
    ...uqpay.transactions('issuing', masterAccountId).map((row) => `ISSUING ${row.transaction_id}`),
    ...ibanera.accounts().flatMap(({ id }) => ibanera.transactions(id).map((row) => `ASSET ${row.Id}`)),
    ...noah.transactions().map((row) => `CURRENT ${row.ID}`),
  ];
}

const rowText = ({ ledger, providerTransactionId }: Row) => `${ledger} ${providerTransactionId}`;
const query = `query($first: Int, $after: String, $last: Int, $before: String, $filter: TransactionFilter) {
  transactions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    nodes { id ledger providerTransactionId createdAt }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  } }`;

async function pageOf(variables: object, at: ThreeProviders = three): Promise<Page> {
  const { data, errors } = await at.ask(query, variables);
  expect(errors).toEqual([]);
  return (data as { transactions: Page }).transactions;
}

interface Walk {
  readonly size: number;
  readonly filter?: object;
  readonly backward?: boolean;
  /** Called between two pages. */
  readonly between?: (page: Page) => void;
  readonly at?: ThreeProviders;
}

/** Pages to the end and returns all rows, newest first. */
async function walk({ size, filter, backward = false, between, at = three }: Walk): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let pageCount = 0; pageCount < 200; pageCount += 1) {
    const page: Page = await pageOf(
      backward ? { last: size, before: cursor, filter } : { first: size, after: cursor, filter },
      at,
    );
    if (backward) rows.unshift(...page.nodes);
    else rows.push(...page.nodes);
    const { pageInfo } = page;
    if (!(backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return rows;
    cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
    between?.(page);
  }
  throw new Error('the walk does not end');
}

function expectNewestFirst(rows: readonly Row[]): void {
  const seconds = rows.map(({ createdAt }) => parseInstant(createdAt)?.second ?? 0);
  expect(seconds).toEqual(seconds.toSorted((a, b) => b - a));
}

describe('the list over all providers', () => {
  test.each([
    [37, false],
    [100, false],
    [37, true],
    [100, true],
  ])('pages of %i, backward %s: every row of every sandbox once, newest first', async (size, backward) => {
    const rows = await walk({ size, backward });
    expect(rows.map(rowText).toSorted()).toEqual(recordOf(three).toSorted());
    expectNewestFirst(rows);
  });

  test('forward and backward agree on the order', async () => {
    const forward = await walk({ size: 50 });
    const backward = await walk({ size: 33, backward: true });
    expect(backward.map(({ id }) => id)).toEqual(forward.map(({ id }) => id));
  });

  test('reversing in the middle returns the previous page again', async () => {
    const first = await pageOf({ first: 25 });
    const second = await pageOf({ first: 25, after: first.pageInfo.endCursor });
    const back = await pageOf({ last: 25, before: second.pageInfo.startCursor });
    expect(back.nodes).toEqual(first.nodes);
    expect(back.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  });

  test.each([false, true])(
    'rows that arrive between the pages move nothing (backward %s)',
    async (backward) => {
      const moving = await startFilled();
      try {
        const before = recordOf(moving);
        let turn = 0;
        const rows = await walk({
          size: 30,
          backward,
          at: moving,
          between: () => {
            turn += 1;
            const second = Math.floor(Date.now() / 1_000) + turn;
            const time = new Date(second * 1_000).toISOString();
            moving.uqpay.insertTransaction('banking', { create_time: time });
            moving.noah.insertTransaction({ Created: time });
            for (const { id } of moving.ibanera.accounts()) {
              moving.ibanera.insertTransaction({ AccountsId: id, DateTime: time });
            }
          },
        });
        expect(turn).toBeGreaterThan(20);
        expect(rows.map(rowText).toSorted()).toEqual(before.toSorted());
        expectNewestFirst(rows);
      } finally {
        await moving.close();
      }
    },
  );

  test('a NOAH page token that counts by offset neither loses nor repeats rows', async () => {
    const moving = await startFilled();
    moving.noah.setBehaviour({ pageTokenPosition: 'offset', emptyPages: true, lastPageToken: 'empty' });
    try {
      const before = recordOf(moving);
      const rows = await walk({ size: 60, at: moving, between: () => moving.noah.insertTransaction() });
      expect(rows.map(rowText).toSorted()).toEqual(before.toSorted());
    } finally {
      await moving.close();
    }
  });

  test('has no count: totalCount and pageCursors are null, and asOf is the time of the newest row', async () => {
    const { data, errors } = await three.ask(
      '{ transactions(first: 3) { totalCount pageCursors { first { page } } asOf sources { provider ledger state code } nodes { createdAt } } }',
    );
    expect(errors).toEqual([]);
    const { transactions } = data as { transactions: { asOf: string; nodes: { createdAt: string }[] } };
    expect(transactions).toMatchObject({
      totalCount: null,
      pageCursors: null,
      sources: ['UQPAY BANKING', 'UQPAY ISSUING', 'IBANERA ASSET', 'NOAH CURRENT'].map((source) => {
        const [provider, ledger] = source.split(' ');
        return { provider, ledger, state: 'OK', code: null };
      }),
    });
    expect(transactions.asOf).toBe(transactions.nodes[0]?.createdAt);
  });

  test('is counted if UQPAY is the only provider', async () => {
    const { data } = await three.ask(
      '{ transactions(first: 3, filter: { providers: [UQPAY] }) { totalCount pageCursors { last { page } } } }',
    );
    expect(data).toEqual({ transactions: { totalCount: 150, pageCursors: { last: { page: 50 } } } });
    expect(three.dataCalls()).toMatchObject({ IBANERA: 0, NOAH: 0 });
  });
});

describe('filters', () => {
  const recorded = (wanted: (row: { status: string; ledger: string; currency: string }) => boolean) =>
    [
      ...three.ibanera.accounts().flatMap(({ id, asset }) =>
        three.ibanera.transactions(id).map((row) => ({
          text: `ASSET ${row.Id}`,
          ledger: 'ASSET',
          currency: asset.toUpperCase(),
          status: row.bRejected ? 'FAILED' : row.bCompleted ? 'COMPLETED' : 'PENDING',
        })),
      ),
      ...three.noah.transactions().map((row) => ({
        text: `CURRENT ${row.ID}`,
        ledger: 'CURRENT',
        currency: row.CryptoCurrency,
        status: { Settled: 'COMPLETED', Failed: 'FAILED', Pending: 'PENDING' }[row.Status] ?? '',
      })),
    ].filter(wanted);

  test.each([
    ['status', { statuses: ['FAILED'] }, ({ status }: { status: string }) => status === 'FAILED'],
    [
      'several statuses and a ledger',
      { statuses: ['PENDING', 'FAILED'], ledgers: ['CURRENT'] },
      ({ status, ledger }: { status: string; ledger: string }) =>
        status !== 'COMPLETED' && ledger === 'CURRENT',
    ],
    [
      'currencies of both',
      { currencies: ['USD', 'USDC_TEST'] },
      ({ currency }: { currency: string }) => currency === 'USD' || currency === 'USDC_TEST',
    ],
    ['nothing', { currencies: ['JPY'] }, () => false],
  ])('by %s find what the sandboxes hold, forward and backward', async (_what, narrowed, wanted) => {
    const filter = { providers: ['IBANERA', 'NOAH'], ...narrowed };
    const expected = recorded(wanted)
      .map(({ text }) => text)
      .toSorted();
    const forward = await walk({ size: 21, filter });
    expect(forward.map(rowText).toSorted()).toEqual(expected);
    expect((await walk({ size: 21, filter, backward: true })).map(({ id }) => id)).toEqual(
      forward.map(({ id }) => id),
    );
  });

  test('by type find NOAH’s rows by their own fields; Ibanera’s have no type', async () => {
    const typed = async (types: readonly string[]) =>
      (await walk({ size: 100, filter: { providers: ['IBANERA', 'NOAH'], types } })).map(rowText).toSorted();
    const noah = three.noah.transactions();
    expect(await typed(['ADJUSTMENT'])).toEqual(
      noah
        .filter((row) => row.AdjustmentFor !== undefined)
        .map((row) => `CURRENT ${row.ID}`)
        .toSorted(),
    );
    expect(await typed(['UNRECOGNIZED'])).toEqual(
      recorded(({ ledger }) => ledger === 'ASSET')
        .map(({ text }) => text)
        .toSorted(),
    );
    expect(await typed(['CARD_RECHARGE'])).toEqual([]);
  });

  test('by direction and by reference find the sandboxes’ rows at every provider, and count none twice', async () => {
    const signs = { C: 'CREDIT', D: 'DEBIT', In: 'CREDIT', Out: 'DEBIT' } as const;
    const { uqpay, ibanera, noah, sandboxes } = three;
    const banking = uqpay.transactions('banking', sandboxes.UQPAY.masterAccountId);
    const held = [
      ...banking.map((row) => ({
        ...{ text: `BANKING ${row.transaction_id}`, reference: row.reference_id as string | null },
        direction: signs[row.credit_debit_type as 'C' | 'D'],
      })),
      ...noah.transactions().map((row) => ({
        ...{ text: `CURRENT ${row.ID}`, reference: row.ExternalID ?? null },
        direction: signs[row.Direction as 'In' | 'Out'],
      })),
      ...ibanera.accounts().flatMap(({ id }) =>
        ibanera.transactions(id).map((row) => ({
          ...{ text: `ASSET ${row.Id}`, reference: null },
          direction: row.Amount.startsWith('-') ? 'DEBIT' : 'CREDIT',
        })),
      ),
    ];
    for (const direction of ['CREDIT', 'DEBIT']) {
      const filter = { directions: [direction] };
      const expected = held.filter((row) => row.direction === direction).map(({ text }) => text);
      const forward = await walk({ size: 60, filter });
      expect(forward.map(rowText).toSorted()).toEqual(expected.toSorted());
      const backward = await walk({ size: 60, filter, backward: true });
      expect(backward.map(({ id }) => id)).toEqual(forward.map(({ id }) => id));
    }
    const some = held.filter(({ reference }) => reference !== null).filter((_, index) => index % 9 === 0);
    const referenceIds = [...some.map(({ reference }) => reference), 'nobody knows it'].slice(0, 100);
    const found = await walk({ size: 20, filter: { referenceIds } });
    expect(found.map(rowText).toSorted()).toEqual(some.map(({ text }) => text).toSorted());
  });

  test('by time cut all three lists at the same two instants', async () => {
    const from = new Date(Date.now() - 12 * dayMs).toISOString();
    const to = new Date(Date.now() - 5 * dayMs).toISOString();
    const all = await walk({ size: 100 });
    const within = await walk({ size: 40, filter: { createdAt: { from, to } } });
    expect(within.map(({ id }) => id)).toEqual(
      all.filter(({ createdAt }) => createdAt >= from && createdAt < to).map(({ id }) => id),
    );
    expect(new Set(within.map(({ ledger }) => ledger)).size).toBe(4);
  });
});

describe('one transaction', () => {
  const fields =
    'id providerTransactionId amount { amount currency } direction status statusRaw type typeRaw';

  test.each(['BANKING', 'ISSUING', 'ASSET', 'CURRENT'])(
    'of %s is found again by its id, through every field',
    async (ledger) => {
      for (const position of [0, -1]) {
        const rows = await walk({ size: 100, filter: { ledgers: [ledger] } });
        const { id, providerTransactionId } = rows.at(position) as Row;
        const { data, errors } = await three.ask(
          `query($id: ID!, $all: [_Any!]!) {
          transaction(id: $id) { providerTransactionId ledger }
          node(id: $id) { ... on Transaction { providerTransactionId } }
          nodes(ids: [$id]) { id }
          _entities(representations: $all) { ... on Transaction { providerTransactionId } } }`,
          { id, all: [{ __typename: 'Transaction', id }] },
        );
        expect(errors).toEqual([]);
        expect(data).toEqual({
          transaction: { providerTransactionId, ledger },
          node: { providerTransactionId },
          nodes: [{ id }],
          _entities: [{ providerTransactionId }],
        });
      }
    },
  );

  test('of NOAH costs one call, to its own route', async () => {
    const [row] = (await pageOf({ first: 1, filter: { providers: ['NOAH'] } })).nodes;
    three.resetCalls();
    await three.ask('query($id: ID!) { transaction(id: $id) { id } }', { id: row?.id });
    expect(three.noah.calls().map(({ path }) => path)).toEqual([
      `/v1/transactions/${row?.providerTransactionId}`,
    ]);
  });

  test.each([
    ['UQPAY', 'BANKING', 1],
    ['UQPAY', 'ISSUING', 1],
    ['NOAH', 'CURRENT', 1],
  ])('of %s %s is found by the provider’s own id alone: %i call', async (provider, ledger, calls) => {
    const [row] = (await pageOf({ first: 1, filter: { ledgers: [ledger] } })).nodes;
    three.resetCalls();
    const query = `query($provider: ProviderCode!, $ledger: Ledger!, $id: ID!) {
      transactionByProviderId(provider: $provider, ledger: $ledger, providerTransactionId: $id) { id } }`;
    const variables = { provider, ledger, id: row?.providerTransactionId };
    expect(await three.ask(query, variables)).toMatchObject({
      data: { transactionByProviderId: { id: row?.id } },
      errors: [],
    });
    expect(three.dataCalls()).toMatchObject({ [provider]: calls });
    const other = { ...variables, id: '00000000-0000-4000-8000-000000000000' };
    expect(await three.ask(query, other)).toMatchObject({
      data: { transactionByProviderId: null },
      errors: [],
    });
  });

  test('of UQPAY issuing is read by transaction_id, and if that filter is ignored its list is searched', async () => {
    const rows = await walk({ size: 100, filter: { ledgers: ['ISSUING'] } });
    const oldest = rows.at(-1) as Row;
    const query = `query($id: ID!) { transactionByProviderId(ledger: ISSUING, providerTransactionId: $id) { id } }`;
    const found = { data: { transactionByProviderId: { id: oldest.id } }, errors: [] };
    three.resetCalls();
    expect(await three.ask(query, { id: oldest.providerTransactionId })).toMatchObject(found);
    expect(three.uqpay.calls().map((call) => call.query.transaction_id)).toEqual([
      oldest.providerTransactionId,
    ]);
    three.uqpay.inject({ kind: 'status', status: 400, shape: 'A', match: {}, times: 1 });
    expect(await three.ask(query, { id: oldest.providerTransactionId })).toMatchObject(found);
  });

  test('of Ibanera is searched for; an id shared by rows of two asset accounts is ambiguous', async () => {
    const query = `query($id: ID!) { transactionByProviderId(provider: IBANERA, ledger: ASSET, providerTransactionId: $id) { id } }`;
    const row = (await walk({ size: 100, filter: { ledgers: ['ASSET'] } }))[60] as Row;
    expect(await three.ask(query, { id: row.providerTransactionId })).toMatchObject({
      data: { transactionByProviderId: { id: row.id } },
      errors: [],
    });
    three.ibanera.setBehaviour({ transactionIdsAreUnique: false });
    const [from, to] = three.ibanera.accounts();
    const DateTime = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 3 * dayMs).toISOString();
    const sides = [
      { AccountsId: from?.id ?? 0, Amount: '-5.00' },
      { AccountsId: to?.id ?? 0, Amount: '5.00' },
    ];
    for (const side of sides) three.ibanera.insertTransaction({ ...side, Id: 777_777, DateTime });
    const { data, errors } = await three.ask(query, { id: '777777' });
    three.ibanera.deleteTransaction(777_777);
    three.ibanera.setBehaviour({ transactionIdsAreUnique: true });
    expect(data).toEqual({ transactionByProviderId: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('matches 2 transactions of IBANERA’s ledger ASSET'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('that was deleted is null', async () => {
    const account = three.ibanera.accounts()[0]?.id ?? 0;
    const noah = three.noah.insertTransaction({ Created: new Date().toISOString() });
    const ibanera = three.ibanera.insertTransaction({ AccountsId: account });
    const rows = await walk({ size: 100, filter: { providers: ['IBANERA', 'NOAH'] } });
    const ids = rows
      .filter(({ providerTransactionId: text }) => text === noah.ID || text === String(ibanera.Id))
      .map(({ id }) => id);
    expect(ids).toHaveLength(2);
    three.noah.deleteTransaction(noah.ID);
    three.ibanera.deleteTransaction(ibanera.Id);
    for (const id of ids) {
      expect(await three.ask('query($id: ID!) { transaction(id: $id) { id } }', { id })).toMatchObject({
        data: { transaction: null },
        errors: [],
      });
    }
  });

  test('of NOAH without an amount has a null amount, and still its balance', async () => {
    const { ID } = three.noah.insertTransaction({
      CryptoCurrency: 'BTC_TEST',
      Direction: 'Out',
      Status: 'Pending',
      Created: new Date().toISOString(),
    });
    const { data } = await three.ask(
      `{ transactions(first: 1, filter: { ledgers: [CURRENT] }) { nodes { ${fields} balance { currency available { amount } } } } }`,
    );
    three.noah.deleteTransaction(ID);
    expect(data).toMatchObject({
      transactions: {
        nodes: [
          {
            providerTransactionId: ID,
            amount: null,
            direction: 'DEBIT',
            status: 'PENDING',
            statusRaw: 'Pending',
            type: 'TRANSFER_OUT',
            typeRaw: 'Out',
            balance: { currency: 'BTC_TEST', available: { amount: '0.25' } },
          },
        ],
      },
    });
  });

  test('of Ibanera keeps 18 decimals and its sign', async () => {
    const [eth] = three.ibanera.accounts().filter(({ asset }) => asset === 'ETH');
    const { Id } = three.ibanera.insertTransaction({
      AccountsId: eth?.id ?? 0,
      Amount: '-98765432109876543210.000000000000000001',
    });
    const { data } = await three.ask(
      `{ transactions(first: 1, filter: { ledgers: [ASSET] }) { nodes { ${fields} } } }`,
    );
    three.ibanera.deleteTransaction(Id);
    expect(data).toMatchObject({
      transactions: {
        nodes: [
          {
            providerTransactionId: String(Id),
            amount: { amount: '-98765432109876543210.000000000000000001', currency: 'ETH' },
            direction: 'DEBIT',
            type: 'UNRECOGNIZED',
            typeRaw: '',
          },
        ],
      },
    });
  });
});

describe('a balance and its transactions', () => {
  test('a row of Ibanera leads to its own asset account, never to the other one with the same asset', async () => {
    const { data, errors } = await three.ask(
      '{ transactions(first: 100, filter: { ledgers: [ASSET], currencies: ["USD"] }) { nodes { providerTransactionId balance { providerBalanceId currency } } } }',
    );
    expect(errors).toEqual([]);
    const { nodes } = (
      data as {
        transactions: { nodes: { providerTransactionId: string; balance: { providerBalanceId: string } }[] };
      }
    ).transactions;
    const owners = new Map(
      ['4101', '4103'].flatMap((id) =>
        three.ibanera.transactions(Number(id)).map((row) => [String(row.Id), id] as const),
      ),
    );
    expect(nodes).toHaveLength(90);
    for (const { providerTransactionId, balance } of nodes) {
      expect(balance).toEqual({ providerBalanceId: owners.get(providerTransactionId), currency: 'USD' });
    }
    expect(new Set(nodes.map(({ balance }) => balance.providerBalanceId)).size).toBe(2);
  });

  test('of one asset account show that account’s rows only', async () => {
    const { data, errors } = await three.ask(
      `{ balances(filter: { ledgers: [ASSET], currencies: ["USD"] }) { nodes { providerBalanceId
          transactions(first: 100) { nodes { providerTransactionId amount { currency } } pageInfo { hasNextPage } } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      balances: {
        nodes: [4101, 4103].map((id) => ({
          providerBalanceId: String(id),
          transactions: {
            nodes: three.ibanera.transactions(id).map((row) => ({
              providerTransactionId: String(row.Id),
              amount: { currency: 'USD' },
            })),
            pageInfo: { hasNextPage: false },
          },
        })),
      },
    });
    // The balances, and a list for each of the two; no others are read.
    expect(three.ibanera.calls().filter(({ path }) => path.endsWith('/transactions'))).toHaveLength(2);
    expect(three.dataCalls()).toEqual({ UQPAY: 0, IBANERA: 3, NOAH: 0 });
  });

  test('of one currency at NOAH show that currency only, page by page', async () => {
    const inCurrency = three.noah
      .transactions()
      .filter(({ CryptoCurrency }) => CryptoCurrency === 'ETH_TEST_SEPOLIA');
    const found: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await three.ask(
        `query($after: String) { balance(provider: NOAH, ledger: CURRENT, currency: "ETH_TEST_SEPOLIA") {
          transactions(first: 20, after: $after) { nodes { providerTransactionId } pageInfo { endCursor hasNextPage } } } }`,
        { after },
      );
      const { transactions } = (data as { balance: { transactions: Page } }).balance;
      found.push(...transactions.nodes.map(({ providerTransactionId }) => providerTransactionId));
      after = transactions.pageInfo.hasNextPage ? transactions.pageInfo.endCursor : null;
    } while (after !== null);
    expect(found.toSorted()).toEqual(inCurrency.map(({ ID }) => ID).toSorted());
  });

  test('a cursor of one asset account is refused for the list of the other', async () => {
    const [one, twin] = (
      (
        await three.ask(
          '{ balances(filter: { ledgers: [ASSET], currencies: ["USD"] }) { nodes { id transactions(first: 2) { pageInfo { endCursor } } } } }',
        )
      ).data as { balances: { nodes: { id: string; transactions: Page }[] } }
    ).balances.nodes;
    const { errors } = await three.ask(
      'query($id: ID!, $after: String) { node(id: $id) { ... on Balance { transactions(first: 2, after: $after) { nodes { id } } } } }',
      { id: twin?.id, after: one?.transactions.pageInfo.endCursor },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_FILTER_CHANGED' } }]);
  });
});

describe('IBANERA_TRANSACTIONS', () => {
  test('off: Ibanera’s balances are returned, its transactions are not requested', async () => {
    const without = await startThreeProviders({ env: { ...env, IBANERA_TRANSACTIONS: 'off' } });
    try {
      const { data, errors } = await without.ask(
        `{ transactions(first: 100) { sources { ledger } nodes { ledger } }
           balance(provider: IBANERA, ledger: ASSET, currency: "EUR") { currency transactions { nodes { id } } } }`,
      );
      expect(errors).toEqual([]);
      expect(data).toMatchObject({
        transactions: { sources: [{ ledger: 'BANKING' }, { ledger: 'ISSUING' }, { ledger: 'CURRENT' }] },
        balance: { currency: 'EUR', transactions: null },
      });
      expect(without.ibanera.calls().map(({ path }) => path)).not.toContain(
        '/api/v1/customer/accounts/transactions',
      );
    } finally {
      await without.close();
    }
  });
});
