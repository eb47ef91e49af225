// A caller who may read one provider cannot reach the others in any way, and causes no calls to them.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { scopes } from '../../src/domain/caller.ts';
import { openUqpayBalances, startThreeProviders, type ThreeProviders } from './three-providers.fixture.ts';

const grants = { everybody: '*', uqpay: 'UQPAY/*', noah: 'NOAH/master' } as const;
type Subject = keyof typeof grants;

let three: ThreeProviders;
/** One object of each kind at each provider, found by a caller who may read everything. */
let ids: { Account: string[]; Balance: string[]; Transaction: string[] };

const ask = (subject: Subject, query: string, variables: object = {}) =>
  three.ask(query, variables, { authorization: `Bearer key-of-${subject}` });

beforeAll(async () => {
  three = await startThreeProviders({
    env: {
      AUTH: 'keys',
      AUTH_KEYS: JSON.stringify(
        Object.entries(grants).map(([subject, account]) => ({
          subject,
          sha256: createHash('sha256').update(`key-of-${subject}`).digest('hex'),
          scopes,
          accounts: [account],
        })),
      ),
    },
  });
  openUqpayBalances(three);
  three.uqpay.insertTransaction('banking', { create_time: new Date().toISOString() });
  const idsOf = async (field: string, provider: string) => {
    const { data } = await ask(
      'everybody',
      `{ list: ${field}(first: 1, filter: { providers: [${provider}] }) { nodes { id } } }`,
    );
    return (data as { list: { nodes: { id: string }[] } }).list.nodes[0]?.id ?? '';
  };
  const ofAll = (field: string) =>
    Promise.all(['UQPAY', 'IBANERA', 'NOAH'].map((provider) => idsOf(field, provider)));
  ids = {
    Account: await ofAll('accounts'),
    Balance: await ofAll('balances'),
    Transaction: await ofAll('transactions'),
  };
});
afterAll(() => three.close());
beforeEach(() => three.resetCalls());

test.each([
  ['everybody', ['UQPAY', 'IBANERA', 'NOAH']],
  ['uqpay', ['UQPAY']],
  ['noah', ['NOAH']],
] as const)('%s sees %j in every list', async (subject, codes) => {
  const { data, errors } = await ask(
    subject,
    `{ viewer { subject }
       providers { code }
       accounts(first: 100) { totalCount nodes { providerCode } sources { provider } }
       balances(first: 100) { nodes { provider { code } } sources { provider } }
       transactions(first: 100) { nodes { provider { code } } sources { provider } } }`,
  );
  expect(errors).toEqual([]);
  const seen = new Set(JSON.stringify({ ...(data as object), viewer: null }).match(/UQPAY|IBANERA|NOAH/g));
  expect([...seen].toSorted()).toEqual(codes.toSorted());
  expect(data).toMatchObject({
    viewer: { subject },
    providers: codes.map((code) => ({ code })),
    accounts: { totalCount: codes.length },
  });
});

describe.each([
  ['uqpay', [true, false, false]],
  ['noah', [false, false, true]],
] as const)('%s', (subject, mayRead) => {
  test.each(['Account', 'Balance', 'Transaction'] as const)(
    'gets a %s of its own provider by id, and null for those of others',
    async (type) => {
      for (const [index, id] of ids[type].entries()) {
        three.resetCalls();
        const found = mayRead[index] ? { id } : null;
        const { data, errors } = await ask(
          subject,
          `query($id: ID!, $ids: [ID!]!, $all: [_Any!]!) {
            node(id: $id) { id }
            nodes(ids: $ids) { id }
            _entities(representations: $all) { ... on ${type} { id } } }`,
          { id, ids: [id], all: [{ __typename: type, id }] },
        );
        expect(errors).toEqual([]);
        expect(data).toEqual({ node: found, nodes: [found], _entities: [found] });
        if (found === null) expect(three.dataCalls()).toEqual({ UQPAY: 0, IBANERA: 0, NOAH: 0 });
      }
    },
  );

  test('gets null for objects of others by any other key', async () => {
    const other = mayRead[1] ? 0 : 1;
    const { data } = await ask(
      subject,
      `query($account: ID!, $transaction: ID!, $all: [_Any!]!) {
        account(id: $account) { id }
        transaction(id: $transaction) { id }
        balance(provider: IBANERA, ledger: ASSET, currency: "EUR") { id }
        _entities(representations: $all) { __typename } }`,
      {
        account: ids.Account[other],
        transaction: ids.Transaction[other],
        all: [
          { __typename: 'Account', providerCode: 'IBANERA', providerAccountId: 'master' },
          { __typename: 'Provider', code: 'IBANERA' },
        ],
      },
    );
    expect(data).toEqual({ account: null, transaction: null, balance: null, _entities: [null, null] });
    expect(three.dataCalls()).toEqual({ UQPAY: 0, IBANERA: 0, NOAH: 0 });
  });

  test.each([
    ['balances', 'BalanceFilter'],
    ['transactions', 'TransactionFilter'],
  ])('finds no %s of others by filter', async (field, type) => {
    const query = `query($filter: ${type}) { ${field}(filter: $filter) { nodes { id } sources { state } } }`;
    // As if the provider were not connected.
    const byProvider = await ask(subject, query, { filter: { providers: ['IBANERA'] } });
    expect(byProvider).toMatchObject({ data: { [field]: { nodes: [], sources: [] } }, errors: [] });
    const byAccount = await ask(subject, query, { filter: { accountIds: [ids.Account[1]] } });
    expect(byAccount.data).toEqual({ [field]: null });
    expect(byAccount.errors).toMatchObject([{ extensions: { code: 'ACCOUNT_OUT_OF_SCOPE' } }]);
    expect(three.dataCalls()).toEqual({ UQPAY: 0, IBANERA: 0, NOAH: 0 });
  });
});

test('totals cover the providers that the caller may read, and use no rates of others', async () => {
  const query = `{ balanceTotals(convertTo: "USD") { converted { lines { from { currency } } } sources { provider ledger } }
    exchangeRates { unavailable } }`;
  const { data, errors } = await ask('noah', query);
  expect(errors).toEqual([]);
  expect(data).toMatchObject({
    balanceTotals: { converted: { lines: [] }, sources: [{ provider: 'NOAH', ledger: 'CURRENT' }] },
    exchangeRates: null,
  });
  expect(three.dataCalls()).toMatchObject({ UQPAY: 0, IBANERA: 0 });
  const all = await ask('everybody', query);
  expect(all.data).toMatchObject({
    balanceTotals: { sources: expect.arrayContaining([{ provider: 'UQPAY', ledger: null }]) },
  });
  const none = await ask('everybody', '{ exchangeRates(provider: NOAH) { unavailable } }');
  expect(none.errors).toMatchObject([
    {
      message: 'Argument "provider" must be a provider that publishes exchange rates; NOAH does not.',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});

test('a cursor of a caller who may read everything grants nothing', async () => {
  const { data } = await ask('everybody', '{ transactions(first: 1) { pageInfo { endCursor } } }');
  const after = (data as { transactions: { pageInfo: { endCursor: string } } }).transactions.pageInfo
    .endCursor;
  three.resetCalls();
  const other = await ask(
    'uqpay',
    'query($after: String) { transactions(first: 100, after: $after) { nodes { provider { code } } } }',
    { after },
  );
  expect(other.data).toEqual({ transactions: null });
  expect(other.errors).toMatchObject([{ extensions: { code: 'CURSOR_FILTER_CHANGED' } }]);
  expect(three.dataCalls()).toMatchObject({ IBANERA: 0, NOAH: 0 });
});
