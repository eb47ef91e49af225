// Every way to an account, tried with accounts that the caller may not read: no data is returned, and no call is
// made.
import { afterEach, describe, expect, test } from '@jest/globals';
import { type AccountGrant, type Caller, parseGrant, type Scope, scopes } from '../../src/domain/caller.ts';
import { encodeAccountId, encodeBalanceId, encodeTransactionId } from '../../src/domain/global-id.ts';
import type { AccountRef } from '../../src/domain/model.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  master,
  masterName,
  sub,
} from '../support/fake-provider.ts';

const started: Executor[] = [];
afterEach(async () => {
  for (const executor of started.splice(0)) await executor.stop();
});

function createProvider(): FakeProvider {
  const provider = createFakeProvider();
  for (const id of ['mine', 'theirs']) provider.connected.push(anAccount(id));
  for (const account of [master, sub('mine'), sub('theirs')]) {
    provider.balanceRecord.push(aBalance(account, 'BANKING', 'USD'), aBalance(account, 'BANKING', 'EUR'));
    for (const second of [1_000, 2_000, 3_000]) {
      const id = `t-${account.providerAccountId ?? 'master'}-${second}`;
      provider.transactionRecord.push(aTransaction(account, 'BANKING', id, second));
    }
  }
  return provider;
}

async function startFor(accounts: readonly string[], granted: readonly Scope[] = scopes) {
  const provider = createProvider();
  const grants = accounts
    .map((text) => parseGrant(text))
    .filter((grant): grant is AccountGrant => grant !== null);
  const caller: Caller = { subject: 'tenant', scopes: granted, grants };
  const executor = await startExecutor({ providers: [provider], caller });
  started.push(executor);
  return { provider, run: executor.run };
}

const account = encodeAccountId;
const balance = (ref: AccountRef) =>
  encodeBalanceId({ account: ref, ledger: 'BANKING', currency: 'USD', distinguishingId: null });
const transaction = (ref: AccountRef) =>
  encodeTransactionId({
    account: ref,
    ledger: 'BANKING',
    createdSecond: 1_000,
    hasFraction: false,
    providerTransactionId: `t-${ref.providerAccountId ?? 'master'}-1000`,
    distinguishingId: null,
  });

/** Operations that lead to an account, and the path where its data would be. */
const objectDoors: [string, string, (ref: AccountRef) => object, (string | number)[]][] = [
  ['account', 'query ($id: ID!) { it: account(id: $id) { id } }', (ref) => ({ id: account(ref) }), ['it']],
  [
    'transaction',
    'query ($id: ID!) { it: transaction(id: $id) { id } }',
    (ref) => ({ id: transaction(ref) }),
    ['it'],
  ],
  [
    'balance(accountId)',
    'query ($id: ID!) { it: balance(currency: "USD", accountId: $id) { id } }',
    (ref) => ({ id: account(ref) }),
    ['it'],
  ],
  [
    'node of an account',
    'query ($id: ID!) { it: node(id: $id) { id } }',
    (ref) => ({ id: account(ref) }),
    ['it'],
  ],
  [
    'node of a balance',
    'query ($id: ID!) { it: node(id: $id) { id } }',
    (ref) => ({ id: balance(ref) }),
    ['it'],
  ],
  [
    'node of a transaction',
    'query ($id: ID!) { it: node(id: $id) { id } }',
    (ref) => ({ id: transaction(ref) }),
    ['it'],
  ],
  [
    'nodes',
    'query ($ids: [ID!]!) { it: nodes(ids: $ids) { id } }',
    (ref) => ({ ids: [balance(ref)] }),
    ['it', 0],
  ],
  ...(['Account', 'Balance', 'Transaction'] as const).map((type): (typeof objectDoors)[number] => [
    `_entities of ${type}`,
    `query ($r: [_Any!]!) { it: _entities(representations: $r) { ... on ${type} { id } } }`,
    (ref) => ({
      r: [
        { __typename: type, id: { Account: account, Balance: balance, Transaction: transaction }[type](ref) },
      ],
    }),
    ['it', 0],
  ]),
  [
    '_entities by the second key',
    'query ($r: [_Any!]!) { it: _entities(representations: $r) { ... on Account { id } } }',
    (ref) => ({
      r: [
        {
          __typename: 'Account',
          providerCode: 'UQPAY',
          providerAccountId: ref.providerAccountId ?? masterName,
        },
      ],
    }),
    ['it', 0],
  ],
];

const listDoors: [string, string][] = [
  ['balances', 'query ($ids: [ID!]) { it: balances(filter: { accountIds: $ids }) { nodes { id } } }'],
  ['transactions', 'query ($ids: [ID!]) { it: transactions(filter: { accountIds: $ids }) { nodes { id } } }'],
];

describe.each([
  ['one connected account', ['UQPAY/mine'], sub('mine'), [sub('theirs'), master, sub('nobody')]],
  ['the master account', ['UQPAY/master'], master, [sub('mine'), sub('theirs'), sub('nobody')]],
] as const)('a caller for %s', (_who, accounts, own, others) => {
  test.each(objectDoors)(
    '%s returns their own, and null for every other',
    async (_name, query, variables, path) => {
      const { provider, run } = await startFor(accounts);
      const opened = await run(query, { ...variables(own) });
      expect(opened.errors).toEqual([]);
      expect(at(opened.data, ...path, 'id')).toEqual(expect.any(String));
      provider.calls.length = 0;
      for (const other of others) {
        const { data, errors } = await run(query, { ...variables(other) });
        expect([at(data, ...path), errors]).toEqual([null, []]);
      }
      expect(provider.calls).toEqual([]);
    },
  );

  test.each(listDoors)('%s is refused for a list that names another account', async (_name, query) => {
    const { provider, run } = await startFor(accounts);
    const opened = await run(query, { ids: [account(own)] });
    expect(opened.errors).toEqual([]);
    expect(at(opened.data, 'it', 'nodes')).not.toHaveLength(0);
    provider.calls.length = 0;
    const refusals = [];
    for (const other of others) {
      for (const ids of [[account(other)], [account(own), account(other)]]) {
        const { data, errors } = await run(query, { ids });
        expect(data).toEqual({ it: null });
        expect(errors).toMatchObject([{ path: ['it'], extensions: { code: 'ACCOUNT_OUT_OF_SCOPE' } }]);
        refusals.push(errors[0]?.message);
      }
    }
    // The same message for an account that exists and one that does not.
    expect(new Set(refusals).size).toBe(1);
    expect(provider.calls).toEqual([]);
  });
});

describe('lists at the root', () => {
  const accountsQuery =
    '{ accounts { totalCount nodes { providerAccountId isMaster } pageInfo { hasNextPage } } }';

  test('accounts lists and counts what the caller may read', async () => {
    const { run } = await startFor(['UQPAY/mine']);
    const { data, errors } = await run(accountsQuery);
    expect(errors).toEqual([]);
    expect(data).toEqual({
      accounts: {
        totalCount: 1,
        nodes: [{ providerAccountId: 'mine', isMaster: false }],
        pageInfo: { hasNextPage: false },
      },
    });
    const all = await (await startFor(['UQPAY/*'])).run(accountsQuery);
    expect(at(all.data, 'accounts', 'totalCount')).toBe(3);
  });

  test.each(['balances', 'transactions'])('%s without accountIds needs the master account', async (field) => {
    const { provider, run } = await startFor(['UQPAY/mine']);
    const { data, errors } = await run(`{ ${field} { nodes { id } } }`);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([{ path: [field], extensions: { code: 'ACCOUNT_OUT_OF_SCOPE' } }]);
    expect(provider.calls).toEqual([]);
    const own = await (await startFor(['UQPAY/master'])).run(`{ ${field} { nodes { id } } }`);
    expect(own.errors).toEqual([]);
    expect(at(own.data, field, 'nodes')).not.toHaveLength(0);
  });

  test('a provider without an account that the caller may read is not listed', async () => {
    const { provider, run } = await startFor(['NOAH/*']);
    const { data } = await run(
      `{ providers { code } accounts { totalCount } balance(currency: "USD") { id }
         _entities(representations: [{ __typename: "Provider", code: "UQPAY" }]) { __typename } }`,
    );
    expect(data).toEqual({ providers: [], accounts: { totalCount: 0 }, balance: null, _entities: [null] });
    expect(provider.calls).toEqual([]);
  });
});

test('a cursor of one caller grants nothing to another', async () => {
  const query = `query ($ids: [ID!], $after: String) {
    transactions(first: 1, after: $after, filter: { accountIds: $ids }) { nodes { id } pageInfo { endCursor } } }`;
  const ids = [account(sub('theirs'))];
  const theirs = await (await startFor(['UQPAY/theirs'])).run(query, { ids });
  const after = at(theirs.data, 'transactions', 'pageInfo', 'endCursor');
  expect(after).toEqual(expect.any(String));
  const { provider, run } = await startFor(['UQPAY/mine']);
  for (const [variables, code] of [
    [{ ids, after }, 'ACCOUNT_OUT_OF_SCOPE'],
    [{ ids: [account(sub('mine'))], after }, expect.stringMatching(/^CURSOR_/)],
  ] as const) {
    const { data, errors } = await run(query, variables);
    expect(data).toEqual({ transactions: null });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  }
  expect(provider.calls).toEqual([]);
});

describe('scopes', () => {
  test.each<[Scope, string]>([
    ['accounts:read', '{ it: accounts { totalCount } }'],
    ['accounts:read', `{ it: account(id: "${account(master)}") { id } }`],
    ['accounts:read', `{ it: node(id: "${account(master)}") { id } }`],
    ['balances:read', '{ it: balances { totalCount } }'],
    ['balances:read', '{ it: balance(currency: "USD") { id } }'],
    ['balances:read', '{ it: balanceTotals(convertTo: "SGD") { complete } }'],
    ['balances:read', '{ it: exchangeRates { unavailable } }'],
    ['balances:read', `{ it: node(id: "${balance(master)}") { id } }`],
    ['transactions:read', '{ it: transactions { totalCount } }'],
    ['transactions:read', `{ it: transaction(id: "${transaction(master)}") { id } }`],
  ])('without %s this is FORBIDDEN: %s', async (scope, query) => {
    const { provider, run } = await startFor(
      ['*'],
      scopes.filter((other) => other !== scope),
    );
    const { data, errors } = await run(query);
    expect(data).toEqual({ it: null });
    expect(errors).toMatchObject([{ path: ['it'], extensions: { code: 'FORBIDDEN' } }]);
    expect(errors[0]?.message).toContain(scope);
    expect(provider.calls).toEqual([]);
    expect((await (await startFor(['*'], [scope])).run(query)).errors).toEqual([]);
  });

  test('a field that is not granted does not affect the others', async () => {
    const { run } = await startFor(['*'], ['balances:read']);
    const { data, errors } = await run('{ balance(currency: "USD") { currency account { name } } }');
    expect(data).toEqual({ balance: { currency: 'USD', account: null } });
    expect(errors).toMatchObject([{ path: ['balance', 'account'], extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('viewer reports the grants', async () => {
  const { run } = await startFor(['UQPAY/master', 'UQPAY/mine', 'NOAH/*'], ['balances:read']);
  const { data } = await run('{ viewer { subject scopes accounts } }');
  expect(data).toEqual({
    viewer: {
      subject: 'tenant',
      scopes: ['balances:read'],
      accounts: ['UQPAY/master', 'UQPAY/mine', 'NOAH/*'],
    },
  });
});
