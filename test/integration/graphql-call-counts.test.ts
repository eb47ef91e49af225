// Each operation makes the fewest upstream calls possible. Tests assert the data as well as the count, because the
// cheapest wrong answer costs nothing.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { encodeBalanceId, encodeTransactionId } from '../../src/domain/global-id.ts';
import type { AccountRef } from '../../src/domain/model.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  fakeNowMs,
  master,
  money,
  sub,
} from '../support/fake-provider.ts';

const currencies = ['AUD', 'CAD', 'CHF', 'CNH', 'EUR', 'GBP', 'HKD', 'JPY', 'SGD', 'USD'];
const nowSecond = fakeNowMs / 1000;

let provider: FakeProvider;
let executor: Executor;

beforeEach(async () => {
  provider = createFakeProvider();
  executor = await startExecutor({ providers: [provider] });
});
afterEach(() => executor.stop());

function fillTransactions(account: AccountRef, count: number) {
  for (let index = 0; index < count; index++) {
    const id = `t-${account.providerAccountId ?? 'm'}-${String(index).padStart(3, '0')}`;
    const currency = currencies[index % 5] ?? 'USD';
    provider.transactionRecord.push(
      aTransaction(account, 'BANKING', id, nowSecond - 60 - index, {
        currency,
        amount: money('1.00', currency),
      }),
    );
  }
}

test('one balance: 1', async () => {
  provider.balanceRecord.push(aBalance(master, 'BANKING', 'USD', { available: money('5000.10', 'USD') }));
  const { data, errors, calls } = await executor.run(
    '{ balance(currency: "USD") { available { amount currency } } }',
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ balance: { available: { amount: '5000.10', currency: 'USD' } } });
  expect(calls).toBe(1);
});

test('ten payment currencies of one account and its first 20 transactions: 2', async () => {
  for (const currency of currencies) provider.balanceRecord.push(aBalance(master, 'PAYMENT', currency));
  fillTransactions(master, 30);
  const aliases = currencies.map(
    (code) => `${code}: balance(ledger: PAYMENT, currency: "${code}") { currency }`,
  );
  const { data, errors, calls } = await executor.run(
    `{ ${aliases.join(' ')} transactions(first: 20, filter: { ledgers: [BANKING] }) { nodes { providerTransactionId } } }`,
  );
  expect(errors).toEqual([]);
  expect(currencies.map((code) => at(data, code, 'currency'))).toEqual(currencies);
  expect(at(data, 'transactions', 'nodes', 19)).toEqual({ providerTransactionId: 't-m-019' });
  expect(calls).toBe(2);
});

test('50 transactions, each with its balance and account: 2', async () => {
  for (const currency of currencies) provider.balanceRecord.push(aBalance(master, 'BANKING', currency));
  fillTransactions(master, 60);
  const { data, errors, calls } = await executor.run(
    `{ transactions(first: 50, filter: { ledgers: [BANKING] }) { nodes {
      id amount { currency } balance { id currency available { amount } asOf } account { id name isMaster }
    } } }`,
  );
  expect(errors).toEqual([]);
  const nodes = at(data, 'transactions', 'nodes');
  expect(nodes).toHaveLength(50);
  for (const node of nodes as unknown[]) {
    expect(at(node, 'balance', 'currency')).toBe(at(node, 'amount', 'currency'));
    expect(at(node, 'account', 'isMaster')).toBe(true);
  }
  expect(calls).toBe(2);
});

test('20 accounts, each with 3 banking balances and its first 10 banking transactions: 41', async () => {
  for (let index = 0; index < 25; index++) {
    const id = `a-${String(index).padStart(2, '0')}`;
    provider.connected.push(anAccount(id));
    for (const currency of ['EUR', 'SGD', 'USD'])
      provider.balanceRecord.push(aBalance(sub(id), 'BANKING', currency));
    fillTransactions(sub(id), 12);
  }
  for (const currency of ['EUR', 'SGD', 'USD'])
    provider.balanceRecord.push(aBalance(master, 'BANKING', currency));
  const asList = 'balances(first: 3, filter: { ledgers: [BANKING] }) { nodes { currency } }';
  const asFields = ['EUR', 'SGD', 'USD'].map(
    (code) => `${code}: balance(ledger: BANKING, currency: "${code}") { currency }`,
  );
  for (const balances of [asList, asFields.join(' ')]) {
    provider.calls.length = 0;
    const { data, errors, calls } = await executor.run(
      `{ accounts(first: 20) { nodes { providerAccountId ${balances}
        transactions(first: 10, filter: { ledgers: [BANKING] }) { nodes { id account { name } } } } } }`,
    );
    expect(errors).toEqual([]);
    expect(at(data, 'accounts', 'nodes')).toHaveLength(20);
    expect(at(data, 'accounts', 'nodes', 3, 'transactions', 'nodes', 9, 'account', 'name')).toBe(
      'Account a-02',
    );
    expect(calls).toBe(41);
    expect(provider.calls).toHaveLength(41);
  }
});

test('`nodes` over 50 balances of one account and ledger: 1', async () => {
  const held = Array.from({ length: 50 }, (_, index) => `C${index}`);
  for (const currency of held) provider.balanceRecord.push(aBalance(master, 'BANKING', currency));
  const ids = held.map((currency) =>
    encodeBalanceId({ account: master, ledger: 'BANKING', currency, distinguishingId: null }),
  );
  const { data, errors, calls } = await executor.run(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Balance { currency } } }',
    { ids },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ nodes: held.map((currency, index) => ({ id: ids[index], currency })) });
  expect(calls).toBe(1);
});

test('100 references to balances of one account and ledger: 1', async () => {
  const held = Array.from({ length: 99 }, (_, index) => `C${index}`);
  for (const currency of held) provider.balanceRecord.push(aBalance(master, 'BANKING', currency));
  const representations = [...held, 'NONE'].map((currency) => ({
    __typename: 'Balance',
    id: encodeBalanceId({ account: master, ledger: 'BANKING', currency, distinguishingId: null }),
  }));
  const { data, errors, calls } = await executor.run(
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Balance { currency } } }',
    { representations },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ _entities: [...held.map((currency) => ({ currency })), null] });
  expect(calls).toBe(1);
});

test('fields that need the same list share it: 1', async () => {
  for (const currency of currencies) provider.balanceRecord.push(aBalance(master, 'BANKING', currency));
  const { data, errors, calls } = await executor.run(
    `{ one: balance(currency: "USD") { currency }
       page: balances(filter: { ledgers: [BANKING] }, first: 2) { totalCount nodes { currency } }
       other: balances(filter: { ledgers: [BANKING], currencies: ["SGD", "XXX"] }) { nodes { currency } } }`,
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    one: { currency: 'USD' },
    page: { totalCount: 10, nodes: [{ currency: 'AUD' }, { currency: 'CAD' }] },
    other: { nodes: [{ currency: 'SGD' }] },
  });
  expect(calls).toBe(1);
});

test('accounts by id share one page of the list, the master account costs nothing: 1', async () => {
  for (const id of ['a-1', 'a-2']) provider.connected.push(anAccount(id));
  const list = await executor.run('{ accounts { nodes { id providerAccountId } } }');
  const [own, first, second] = [0, 1, 2].map((index) => at(list.data, 'accounts', 'nodes', index, 'id'));
  const { data, errors, calls } = await executor.run(
    `query ($own: ID!, $first: ID!, $second: ID!) {
      own: account(id: $own) { isMaster } first: account(id: $first) { name } again: node(id: $first) { id }
      second: account(id: $second) { name } }`,
    { own, first, second },
  );
  expect(errors).toEqual([]);
  expect(data).toMatchObject({
    own: { isMaster: true },
    first: { name: 'Account a-1' },
    again: { id: first },
  });
  expect(calls).toBe(1);
  const alone = await executor.run('query ($own: ID!) { account(id: $own) { isMaster } }', { own });
  expect(alone.calls).toBe(0);
});

test('transactions of one second by id share a call: 1', async () => {
  const ids = ['x', 'y', 'gone'].map((providerTransactionId) =>
    encodeTransactionId({
      account: master,
      ledger: 'BANKING',
      createdSecond: 1000,
      hasFraction: providerTransactionId === 'y',
      providerTransactionId,
      distinguishingId: null,
    }),
  );
  provider.transactionRecord.push(
    aTransaction(master, 'BANKING', 'x', 1000),
    aTransaction(master, 'BANKING', 'y', 1000, { createdAt: { second: 1000, nano: 500_000_000 } }),
  );
  const { data, errors, calls } = await executor.run(
    'query ($ids: [ID!]!, $x: ID!) { nodes(ids: $ids) { id } transaction(id: $x) { providerTransactionId createdAt } }',
    { ids, x: ids[1] },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    nodes: [{ id: ids[0] }, { id: ids[1] }, null],
    transaction: { providerTransactionId: 'y', createdAt: '1970-01-01T00:16:40.500Z' },
  });
  expect(calls).toBe(1);
});

test('viewer, providers and an empty filter: 0', async () => {
  const { data, errors, calls } = await executor.run(
    `{ viewer { subject scopes } providers { code name environment ledgers }
       balances(filter: { ledgers: [] }) { nodes { id } totalCount sources { state } asOf }
       none: accounts(filter: { providers: [] }) { nodes { id } totalCount }
       nowhere: balances(filter: { providers: [] }) { totalCount }
       never: transactions(filter: { providers: [] }) { totalCount }
       transactions(filter: { accountIds: [] }) { nodes { id } totalCount pageInfo { hasNextPage } } }`,
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    viewer: { subject: 'anonymous', scopes: ['accounts:read', 'balances:read', 'transactions:read'] },
    providers: [
      { code: 'UQPAY', name: 'Fake', environment: 'EMBEDDED', ledgers: ['BANKING', 'ISSUING', 'PAYMENT'] },
    ],
    balances: { nodes: [], totalCount: 0, sources: [], asOf: '2026-06-01T12:00:00Z' },
    none: { nodes: [], totalCount: 0 },
    nowhere: { totalCount: 0 },
    never: { totalCount: 0 },
    transactions: { nodes: [], totalCount: 0, pageInfo: { hasNextPage: false } },
  });
  expect(calls).toBe(0);
});
