// Transactions through the schema, over the real paginator, which has its own tests. Here: which lists are requested,
// and that nothing is read that was not selected.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PageArguments, TransactionPage, TransactionSelection } from '../../src/data/pagination/page.ts';
import { Failure } from '../../src/domain/failure.ts';
import { encodeAccountId, encodeTransactionId } from '../../src/domain/global-id.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  master,
  money,
  sub,
} from '../support/fake-provider.ts';

let provider: FakeProvider;
let executor: Executor;

beforeEach(async () => {
  provider = createFakeProvider();
  executor = await startExecutor({ providers: [provider] });
});
afterEach(() => executor.stop());

test('every field, exactly as the provider sent it', async () => {
  const row = aTransaction(master, 'ISSUING', 'tx-1', 1_767_225_600, {
    shortId: 'S1',
    currency: 'USD',
    type: 'UNRECOGNIZED',
    typeRaw: 'GIFT',
    status: 'PENDING',
    statusRaw: 'PENDING',
    direction: 'UNSPECIFIED',
    amount: money('-12345678901234567890.10', 'USD'),
    fee: money('0.000000000000000001', 'ETH'),
    counterAmount: money('10.10', 'EUR'),
    exchangeRate: money('1.0800', 'EUR').amount,
    endingBalance: money('0.00', 'USD'),
    createdAt: { second: 1_767_225_600, nano: 1_000 },
    completedAt: { second: 1_767_225_601, nano: 0 },
    referenceId: 'r-1',
    channel: 'API',
    network: 'Ethereum',
    description: 'Half \u{1f35e} of it',
  });
  provider.transactionRecord.push(row);
  const fields = `id provider { code } providerTransactionId shortId account { id } balance { id } ledger type typeRaw
    status statusRaw direction amount { amount currency } signedAmount { amount currency }
    fee { amount currency } counterAmount { amount currency } exchangeRate endingBalance { amount currency } createdAt
    completedAt referenceId channel network description`;
  const { data, errors } = await executor.run(`{ transactions { nodes { ${fields} } } }`);
  expect(errors).toEqual([]);
  const id = encodeTransactionId({
    account: master,
    ledger: 'ISSUING',
    createdSecond: 1_767_225_600,
    hasFraction: true,
    providerTransactionId: 'tx-1',
    distinguishingId: null,
  });
  const expected = {
    id,
    provider: { code: 'UQPAY' },
    providerTransactionId: 'tx-1',
    shortId: 'S1',
    account: { id: encodeAccountId(master) },
    balance: null,
    ledger: 'ISSUING',
    type: 'UNRECOGNIZED',
    typeRaw: 'GIFT',
    status: 'PENDING',
    statusRaw: 'PENDING',
    direction: 'UNSPECIFIED',
    amount: { amount: '-12345678901234567890.10', currency: 'USD' },
    signedAmount: null,
    fee: { amount: '0.000000000000000001', currency: 'ETH' },
    counterAmount: { amount: '10.10', currency: 'EUR' },
    exchangeRate: '1.0800',
    endingBalance: { amount: '0.00', currency: 'USD' },
    createdAt: '2026-01-01T00:00:00.000001Z',
    completedAt: '2026-01-01T00:00:01Z',
    referenceId: 'r-1',
    channel: 'API',
    network: 'Ethereum',
    description: 'Half \u{1f35e} of it',
  };
  expect(at(data, 'transactions', 'nodes')).toEqual([expected]);
  const again = await executor.run(
    `query ($id: ID!) { transaction(id: $id) { ${fields} } node(id: $id) { __typename id } }`,
    { id },
  );
  expect(again.data).toEqual({ transaction: expected, node: { __typename: 'Transaction', id } });
});

test('pages of a balance follow each other by cursor', async () => {
  provider.balanceRecord.push(aBalance(master, 'BANKING', 'USD'));
  for (let index = 0; index < 5; index++) {
    provider.transactionRecord.push(aTransaction(master, 'BANKING', `t-${index}`, 1_000 - index));
  }
  provider.transactionRecord.push(
    aTransaction(master, 'BANKING', 'other currency', 990, { currency: 'EUR' }),
    aTransaction(master, 'ISSUING', 'other ledger', 990),
  );
  const query = `query ($after: String) { balance(currency: "USD") { transactions(first: 2, after: $after) {
    edges { cursor node { providerTransactionId } } pageInfo { hasNextPage endCursor } totalCount asOf } } }`;
  const seen: unknown[] = [];
  let after: unknown = null;
  for (let pageNumber = 1; pageNumber <= 3; pageNumber++) {
    const { data, errors } = await executor.run(query, { after });
    expect(errors).toEqual([]);
    const page = at(data, 'balance', 'transactions');
    expect(at(page, 'totalCount')).toBe(5);
    expect(at(page, 'pageInfo', 'hasNextPage')).toBe(pageNumber < 3);
    seen.push(...(at(page, 'edges') as unknown[]).map((edge) => at(edge, 'node', 'providerTransactionId')));
    after = at(page, 'pageInfo', 'endCursor');
  }
  expect(seen).toEqual(['t-0', 't-1', 't-2', 't-3', 't-4']);
});

test('a ledger whose transactions the provider does not list: null, no error, no call', async () => {
  provider.balanceRecord.push(aBalance(master, 'PAYMENT', 'USD'));
  const { data, errors, calls } = await executor.run(
    '{ balance(ledger: PAYMENT, currency: "USD") { transactions { nodes { id } } } }',
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ balance: { transactions: null } });
  expect(calls).toBe(1);
});

describe('the requested pages', () => {
  /** A paginator that records its requests, and how often each lazy field was read. */
  function createSpy() {
    const asked: [TransactionSelection, PageArguments][] = [];
    const used: string[] = [];
    const use = async <T>(part: string, value: T): Promise<T> => {
      used.push(part);
      return value;
    };
    const page: TransactionPage = {
      rows: [aTransaction(master, 'BANKING', 't-1', 1)],
      cursorOf: (rowIndex) => {
        used.push('cursorOf');
        return `c${rowIndex}`;
      },
      resumeCursor: null,
      hasNextPage: () => use('hasNextPage', true),
      hasPreviousPage: () => use('hasPreviousPage', false),
      totalCount: () => use('totalCount', 7),
      pageCursors: () =>
        use('pageCursors', {
          first: null,
          previous: null,
          around: [{ cursor: '', page: 1, isCurrent: true }],
          last: null,
        }),
      asOf: { second: 5, nano: 0 },
      sources: [],
    };
    const paginator = {
      async page(selection: TransactionSelection, args: PageArguments) {
        asked.push([selection, args]);
        return page;
      },
    };
    return { paginator, asked, used };
  }

  async function ask(query: string, variables: Record<string, unknown> = {}) {
    const spy = createSpy();
    const spied = await startExecutor({ providers: [provider], paginator: spy.paginator });
    const answer = await spied.run(query, variables);
    await spied.stop();
    expect(answer.errors).toEqual([]);
    return { ...spy, ...answer };
  }

  test('pass on the whole filter', async () => {
    const { asked } = await ask(
      `query ($a: ID!) { transactions(last: 5, before: "x", filter: { providers: [UQPAY], accountIds: [$a, $a], ledgers: [BANKING],
        currencies: ["USD"], types: [DEPOSIT, UNRECOGNIZED], statuses: [],
        referenceIds: ["r-1", ""], directions: [DEBIT], createdAt: { from: "2026-01-01T08:00:00+08:00", to: null } }) { nodes { id } } }`,
      { a: encodeAccountId(sub('a-1')) },
    );
    expect(asked).toEqual([
      [
        {
          accounts: [{ ref: sub('a-1'), ledgers: null }],
          accountsAreFiltered: true,
          ledgers: ['BANKING'],
          providerBalanceId: null,
          currencies: ['USD'],
          types: ['DEPOSIT', 'UNRECOGNIZED'],
          statuses: [],
          referenceIds: ['r-1', ''],
          directions: ['DEBIT'],
          createdFrom: { second: 1_767_225_600, nano: 0 },
          createdTo: null,
        },
        { direction: 'backward', size: 5, cursor: 'x', until: null, wantsTotal: false },
      ],
    ]);
  });

  test('have at most 100 references', async () => {
    const query = '($ids: [String!]) { transactions(filter: { referenceIds: $ids }) { nodes { id } } }';
    const ids = Array.from({ length: 101 }, (_, index) => `r-${index}`);
    const { data, errors, calls } = await executor.run(`query ${query}`, { ids });
    expect([data, calls]).toEqual([{ transactions: null }, 0]);
    expect(errors).toMatchObject([
      {
        message: 'Argument "referenceIds" may list at most 100 IDs; it lists 101.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect((await executor.run(`query ${query}`, { ids: ids.slice(1) })).errors).toEqual([]);
  });

  test('are narrowed by account and balance, and a filter can only narrow further', async () => {
    provider.connected.push(anAccount('a-1', { ledgers: ['BANKING'] }));
    provider.balanceRecord.push(aBalance(sub('a-1'), 'BANKING', 'USD'));
    const { asked } = await ask(
      `query ($a: ID!) { account(id: $a) { transactions { nodes { id } }
        balance(ledger: BANKING, currency: "USD") { plain: transactions { nodes { id } }
          same: transactions(filter: { ledgers: [BANKING, ISSUING], currencies: ["USD", "EUR"] }) { nodes { id } }
          none: transactions(filter: { ledgers: [ISSUING], currencies: ["EUR"] }) { nodes { id } } } } }`,
      { a: encodeAccountId(sub('a-1')) },
    );
    const account = { ref: sub('a-1'), ledgers: ['BANKING'] };
    expect(asked.map(([{ accounts, ledgers, currencies }]) => ({ accounts, ledgers, currencies }))).toEqual([
      { accounts: [account], ledgers: null, currencies: null },
      { accounts: [account], ledgers: ['BANKING'], currencies: ['USD'] },
      { accounts: [account], ledgers: ['BANKING'], currencies: ['USD'] },
      { accounts: [account], ledgers: [], currencies: [] },
    ]);
  });

  test('compute cursors, flags and counts only if they are selected', async () => {
    expect(
      (await ask('{ transactions { nodes { providerTransactionId } edges { node { type } } } }')).used,
    ).toEqual([]);
    const whole = await ask(
      `{ transactions { edges { cursor } totalCount asOf pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        pageCursors { first { page } previous { page } around { cursor page isCurrent } last { page } } } }`,
    );
    expect(whole.data).toEqual({
      transactions: {
        edges: [{ cursor: 'c0' }],
        totalCount: 7,
        asOf: '1970-01-01T00:00:05Z',
        pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'c0', endCursor: 'c0' },
        pageCursors: {
          first: null,
          previous: null,
          around: [{ cursor: '', page: 1, isCurrent: true }],
          last: null,
        },
      },
    });
  });

  test.each([
    ['{ transactions { nodes { id } } }', false],
    ['{ transactions { totalCount } }', true],
    ['{ transactions { total: totalCount } }', true],
    [
      '{ transactions { ...F } } fragment F on TransactionConnection { ...G } fragment G on TransactionConnection { pageCursors { last { page } } }',
      true,
    ],
    ['{ transactions { ... on TransactionConnection { totalCount } } }', true],
    ['{ transactions { nodes { id } } transactions { totalCount } }', true],
    ['query ($no: Boolean = false) { transactions { nodes { id } totalCount @include(if: $no) } }', false],
    ['{ transactions { nodes { id } ... @skip(if: true) { totalCount } } }', false],
    ['{ transactions { totalCount @skip(if: false) @include(if: true) } }', true],
  ])('says whether the total is wanted: %s', async (query, wantsTotal) => {
    const { asked } = await ask(query);
    expect(asked.map(([, args]) => args.wantsTotal)).toEqual([wantsTotal]);
  });
});

describe('lookups by id', () => {
  const idOf = (providerTransactionId: string, createdSecond = 1_000, account = master) =>
    encodeTransactionId({
      account,
      ledger: 'BANKING',
      createdSecond,
      hasFraction: false,
      providerTransactionId,
      distinguishingId: null,
    });
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Transaction { providerTransactionId } } }';

  test('read a crowded second page by page until all are found', async () => {
    for (let index = 0; index < 250; index++) {
      provider.transactionRecord.push(aTransaction(master, 'BANKING', `t-${index}`, 1_000));
    }
    expect((await executor.run(query, { ids: [idOf('t-5')] })).calls).toBe(1);
    expect((await executor.run(query, { ids: [idOf('t-150')] })).calls).toBe(2);
    const { data, calls } = await executor.run(query, { ids: [idOf('t-249'), idOf('gone'), idOf('t-1')] });
    expect(at(data, 'nodes')).toEqual([
      { providerTransactionId: 't-249' },
      null,
      { providerTransactionId: 't-1' },
    ]);
    expect(calls).toBe(3);
  });

  test('keep what was found before a page failed, and read seconds and accounts separately', async () => {
    for (let index = 0; index < 150; index++) {
      provider.transactionRecord.push(aTransaction(master, 'BANKING', `t-${index}`, 1_000));
    }
    provider.transactionRecord.push(aTransaction(master, 'BANKING', 'later', 2_000));
    provider.failWith = (call) =>
      call.endsWith('page 2') ? new Failure('UPSTREAM_TIMEOUT', 'Too slow.') : null;
    const ids = [idOf('t-1'), idOf('t-149'), idOf('later', 2_000), idOf('t-1', 1_000, sub('nobody'))];
    const { data, errors } = await executor.run(query, { ids });
    expect(at(data, 'nodes')).toEqual([
      { providerTransactionId: 't-1' },
      null,
      { providerTransactionId: 'later' },
      null,
    ]);
    expect(errors).toMatchObject([
      { path: ['nodes', 1], extensions: { code: 'UPSTREAM_TIMEOUT', ledger: 'BANKING' } },
    ]);
  });

  test('of a ledger without a list are null', async () => {
    const id = encodeTransactionId({
      account: master,
      ledger: 'PAYMENT',
      createdSecond: 1,
      hasFraction: false,
      providerTransactionId: 't',
      distinguishingId: null,
    });
    const { data, errors, calls } = await executor.run('query ($id: ID!) { transaction(id: $id) { id } }', {
      id,
    });
    expect([data, errors, calls]).toEqual([{ transaction: null }, [], 0]);
  });
});
