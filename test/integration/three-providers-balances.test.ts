// The whole gateway over HTTP with all three providers connected, each with its own sandbox: accounts and balances.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openUqpayBalances, startThreeProviders, type ThreeProviders } from './three-providers.fixture.ts';

let three: ThreeProviders;

beforeAll(async () => {
  three = await startThreeProviders({ env: { BALANCE_MAX_AGE_SECONDS: '0' } });
  openUqpayBalances(three);
});
afterAll(() => three.close());
beforeEach(() => three.resetCalls());

interface BalanceNode {
  readonly id: string;
  readonly ledger: string;
  readonly currency: string;
  readonly providerBalanceId: string | null;
  readonly available: { readonly amount: string } | null;
}

const balanceFields = 'id ledger currency providerBalanceId available { amount }';

async function balancesOf(filter: string): Promise<readonly BalanceNode[]> {
  const { data, errors } = await three.ask(
    `{ balances(first: 100, filter: ${filter}) { nodes { ${balanceFields} } } }`,
  );
  expect(errors).toEqual([]);
  return (data as { balances: { nodes: BalanceNode[] } }).balances.nodes;
}

const texts = (nodes: readonly BalanceNode[]) =>
  nodes.map(({ ledger, currency, available }) => `${ledger} ${currency} ${available?.amount}`);

describe('providers and accounts', () => {
  test('providers are listed in display order, without a call', async () => {
    const { data } = await three.ask('{ providers { code name environment ledgers } }');
    expect(data).toEqual({
      providers: [
        {
          code: 'UQPAY',
          name: 'UQPAY',
          environment: 'SANDBOX',
          ledgers: ['BANKING', 'ISSUING', 'PAYMENT'],
        },
        { code: 'IBANERA', name: 'Ibanera', environment: 'SANDBOX', ledgers: ['ASSET'] },
        { code: 'NOAH', name: 'NOAH', environment: 'SANDBOX', ledgers: ['CURRENT'] },
      ],
    });
    expect(three.dataCalls()).toEqual({ UQPAY: 0, IBANERA: 0, NOAH: 0 });
  });

  test('each has a master account, which is found by its id and by its federation key', async () => {
    const { data, errors } = await three.ask(
      '{ accounts(first: 10) { totalCount nodes { id isMaster providerCode providerAccountId name displayName } sources { provider state } } }',
    );
    expect(errors).toEqual([]);
    const { accounts } = data as {
      accounts: { nodes: { id: string; providerCode: string; providerAccountId: string }[] };
    };
    expect(accounts).toMatchObject({
      totalCount: 3,
      nodes: [
        { providerCode: 'UQPAY', isMaster: true, name: null, displayName: 'UQPAY master account' },
        { providerCode: 'IBANERA', isMaster: true, name: null, displayName: 'Ibanera master account' },
        { providerCode: 'NOAH', isMaster: true, name: null, displayName: 'NOAH master account' },
      ],
      sources: ['UQPAY', 'IBANERA', 'NOAH'].map((provider) => ({ provider, state: 'OK' })),
    });
    for (const account of accounts.nodes) {
      const { id, providerCode, providerAccountId } = account;
      const found = await three.ask(
        `query($id: ID!, $all: [_Any!]!) {
          account(id: $id) { id }
          node(id: $id) { id }
          _entities(representations: $all) { ... on Account { id } }
        }`,
        { id, all: [{ __typename: 'Account', providerCode, providerAccountId }] },
      );
      expect(found.data).toEqual({ account: { id }, node: { id }, _entities: [{ id }] });
    }
  });

  test('an account that a provider does not have is null at every provider', async () => {
    const all = ['UQPAY', 'IBANERA', 'NOAH'].map((providerCode) => ({
      __typename: 'Account',
      providerCode,
      providerAccountId: '00000000-0000-4000-8000-000000000000',
    }));
    const { data } = await three.ask(
      'query($all: [_Any!]!) { _entities(representations: $all) { __typename } }',
      { all },
    );
    expect(data).toEqual({ _entities: [null, null, null] });
  });

  test('a status that two providers do not report is null, and no filter by status matches it', async () => {
    const { data } = await three.ask(
      `{ all: accounts(first: 9, filter: { providers: [IBANERA, NOAH] }) { nodes { status statusRaw } }
         active: accounts(first: 9, filter: { providers: [IBANERA, NOAH], statuses: [ACTIVE, UNRECOGNIZED] }) { totalCount } }`,
    );
    const unknown = { status: null, statusRaw: null };
    expect(data).toEqual({ all: { nodes: [unknown, unknown] }, active: { totalCount: 0 } });
  });
});

describe('balances', () => {
  test('of all providers are merged in provider order, one call for each list', async () => {
    const { data, errors } = await three.ask(
      `{ balances(first: 100) { totalCount nodes { ${balanceFields} } sources { provider ledger state } } }`,
    );
    expect(errors).toEqual([]);
    const { balances } = data as { balances: { totalCount: number; nodes: BalanceNode[]; sources: unknown } };
    expect(texts(balances.nodes)).toEqual([
      'BANKING EUR 20.00',
      'BANKING USD 10.50',
      'ISSUING USD 30.00',
      'ASSET BTC 0.00000001',
      'ASSET ETH 12.345678901234567890',
      'ASSET EUR 18250.10',
      'ASSET GBP 77.10',
      'ASSET USD 248000.70',
      'ASSET USD 1200.00',
      'ASSET USDC 512.500000',
      'ASSET USDT 0.1',
      'CURRENT BTC_TEST 0.25',
      'CURRENT ETH_TEST_SEPOLIA 5',
      'CURRENT USDC_TEST 940.5',
    ]);
    expect(balances.totalCount).toBe(14);
    expect(balances.sources).toEqual(
      ['UQPAY BANKING', 'UQPAY ISSUING', 'UQPAY PAYMENT', 'IBANERA ASSET', 'NOAH CURRENT'].map((source) => {
        const [provider, ledger] = source.split(' ');
        return { provider, ledger, state: 'OK' };
      }),
    );
    expect(three.dataCalls()).toEqual({ UQPAY: 3, IBANERA: 1, NOAH: 1 });
  });

  test.each([
    ['{ providers: [NOAH] }', 3, { UQPAY: 0, IBANERA: 0, NOAH: 1 }],
    [
      '{ providers: [IBANERA, NOAH], currencies: ["USD", "USDC_TEST"] }',
      3,
      { UQPAY: 0, IBANERA: 1, NOAH: 1 },
    ],
    ['{ ledgers: [ASSET] }', 8, { UQPAY: 0, IBANERA: 1, NOAH: 0 }],
    [
      '{ ledgers: [BANKING, CURRENT], currencies: ["EUR", "BTC_TEST"] }',
      2,
      { UQPAY: 1, IBANERA: 0, NOAH: 1 },
    ],
    ['{ providers: [NOAH], ledgers: [BANKING] }', 0, { UQPAY: 0, IBANERA: 0, NOAH: 0 }],
    ['{ providers: [] }', 0, { UQPAY: 0, IBANERA: 0, NOAH: 0 }],
  ])('filter %s finds %i without a needless call', async (filter, count, calls) => {
    expect(await balancesOf(filter)).toHaveLength(count);
    expect(three.dataCalls()).toEqual(calls);
  });

  test('pages cover all providers forward and backward, each balance once', async () => {
    const whole = (await balancesOf('{}')).map(({ id }) => id);
    const query = `query($first: Int, $after: String, $last: Int, $before: String) {
      balances(first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`;
    interface Page {
      nodes: { id: string }[];
      pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
    }
    const forward: string[] = [];
    const backward: string[] = [];
    let after: string | null = null;
    for (let hasMore = true; hasMore; ) {
      const { data } = await three.ask(query, { first: 4, after });
      const { nodes, pageInfo } = (data as { balances: Page }).balances;
      forward.push(...nodes.map(({ id }) => id));
      hasMore = pageInfo.hasNextPage;
      after = pageInfo.endCursor;
    }
    let before: string | null = null;
    for (let hasMore = true; hasMore; ) {
      const { data } = await three.ask(query, { last: 4, before });
      const { nodes, pageInfo } = (data as { balances: Page }).balances;
      backward.unshift(...nodes.map(({ id }) => id));
      hasMore = pageInfo.hasPreviousPage;
      before = pageInfo.startCursor;
    }
    expect(forward).toEqual(whole);
    expect(backward).toEqual(whole);
  });

  test('every digit is the provider’s: 18 decimals, 20 digits, exponents and NOAH’s spellings', async () => {
    const { data } = await three.ask(
      `{ balances(first: 100, filter: { providers: [IBANERA, NOAH], currencies: ["ETH", "BTC", "USDT", "BTC_TEST", "ETH_TEST_SEPOLIA"] }) {
        nodes { currency available { amount currency } total { amount currency } pending { amount } frozen { amount } status } } }`,
    );
    const row = (currency: string, available: string, total: string, pending: string | null) => ({
      currency,
      available: { amount: available, currency },
      total: { amount: total, currency },
      pending: pending === null ? null : { amount: pending },
      frozen: null,
      status: pending === null ? null : 'ACTIVE',
    });
    expect(data).toEqual({
      balances: {
        nodes: [
          row('BTC', '0.00000001', '0.00000001', '0'),
          row('ETH', '12.345678901234567890', '12.345678901234567891', '0.000000000000000001'),
          row('USDT', '0.1', '98765432109876543210.10', '-0.50'),
          // Sent as ".25", "+.25", "5." and "5.000000000000000001".
          row('BTC_TEST', '0.25', '0.25', null),
          row('ETH_TEST_SEPOLIA', '5', '5.000000000000000001', null),
        ],
      },
    });
  });

  test('a suppressed asset account is listed, with its status', async () => {
    const { data } = await three.ask(
      '{ balance(provider: IBANERA, ledger: ASSET, currency: "GBP") { status statusRaw total { amount } } }',
    );
    expect(data).toEqual({
      balance: { status: 'SUPPRESSED', statusRaw: null, total: { amount: '77.10' } },
    });
  });
});

describe('one balance', () => {
  test.each([
    ['UQPAY', 'BANKING', 'USD', '10.50'],
    ['IBANERA', 'ASSET', 'EUR', '18250.10'],
    ['NOAH', 'CURRENT', 'USDC_TEST', '940.5'],
  ])('of %s in %s is found in one call, and again by its id', async (provider, ledger, currency, amount) => {
    const { data } = await three.ask(
      `{ balance(provider: ${provider}, ledger: ${ledger}, currency: "${currency}") { id available { amount } } }`,
    );
    expect(data).toMatchObject({ balance: { available: { amount } } });
    expect(Object.values(three.dataCalls()).reduce((sum, count) => sum + count)).toBe(1);
    const { id } = (data as { balance: { id: string } }).balance;
    const again = await three.ask(
      'query($id: ID!) { node(id: $id) { ... on Balance { available { amount } } } }',
      {
        id,
      },
    );
    expect(again.data).toEqual({ node: { available: { amount } } });
  });

  test.each([
    ['IBANERA', 'ASSET', 'JPY'],
    ['NOAH', 'CURRENT', 'USDC'],
    ['IBANERA', 'CURRENT', 'USD'],
    ['NOAH', 'BANKING', 'USDC_TEST'],
    ['UQPAY', 'ASSET', 'USD'],
  ])('of %s in %s in %s is null: there is none', async (provider, ledger, currency) => {
    expect(
      await three.ask(
        `{ balance(provider: ${provider}, ledger: ${ledger}, currency: "${currency}") { id } }`,
      ),
    ).toMatchObject({ data: { balance: null }, errors: [] });
  });

  test('of an asset in two asset accounts is refused, and the message says what to do', async () => {
    const { data, errors } = await three.ask(
      '{ balance(provider: IBANERA, ledger: ASSET, currency: "USD") { id } eur: balance(provider: IBANERA, ledger: ASSET, currency: "EUR") { currency } }',
    );
    expect(data).toEqual({ balance: null, eur: { currency: 'EUR' } });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^IBANERA keeps 2 balances in USD .*balances\(filter:/),
        path: ['balance'],
        extensions: { code: 'BAD_USER_INPUT', provider: 'IBANERA', ledger: 'ASSET' },
      },
    ]);
    expect(three.dataCalls().IBANERA).toBe(1);
  });

  test('of the same currency are distinguished by id: alone, together, and after the other one is removed', async () => {
    const twins = await balancesOf('{ ledgers: [ASSET], currencies: ["USD"] }');
    expect(twins.map(({ providerBalanceId }) => providerBalanceId)).toEqual(['4101', '4103']);
    const ids = twins.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    three.resetCalls();
    const query = `query($ids: [ID!]!, $all: [_Any!]!) {
      nodes(ids: $ids) { ... on Balance { providerBalanceId total { amount } } }
      _entities(representations: $all) { ... on Balance { providerBalanceId } } }`;
    const all = ids.toReversed().map((id) => ({ __typename: 'Balance', id }));
    expect((await three.ask(query, { ids, all })).data).toEqual({
      nodes: [
        { providerBalanceId: '4101', total: { amount: '250310.75' } },
        { providerBalanceId: '4103', total: { amount: '1200.00' } },
      ],
      _entities: [{ providerBalanceId: '4103' }, { providerBalanceId: '4101' }],
    });
    expect(three.dataCalls()).toEqual({ UQPAY: 0, IBANERA: 1, NOAH: 0 });

    const extra = three.ibanera.addAccount({ asset: 'SGD', totalBalance: '1' });
    const [sgd] = await balancesOf('{ currencies: ["SGD"] }');
    three.ibanera.removeAccount(extra.id);
    three.ibanera.addAccount({ asset: 'SGD', totalBalance: '2' });
    const gone = await three.ask('query($id: ID!) { node(id: $id) { id } }', { id: sgd?.id });
    expect(gone).toMatchObject({ data: { node: null }, errors: [] });
  });

  test('of another account type at NOAH is not mistaken for the current account’s', async () => {
    three.noah.setBalance('SOL_TEST', { AccountType: 'Savings', Available: '7' });
    const savingsOnly = await three.ask(
      '{ balance(provider: NOAH, ledger: CURRENT, currency: "SOL_TEST") { id } }',
    );
    three.noah.setBalance('SOL_TEST', { AccountType: 'Current', Available: '8' });
    const both = await balancesOf('{ currencies: ["SOL_TEST"] }');
    const { data } = await three.ask(
      `query($ids: [ID!]!) {
        balance(provider: NOAH, ledger: CURRENT, currency: "SOL_TEST") { available { amount } }
        nodes(ids: $ids) { ... on Balance { available { amount } transactions { sources { state } } } } }`,
      { ids: both.map(({ id }) => id) },
    );
    three.noah.removeBalance('SOL_TEST');
    expect(savingsOnly).toMatchObject({ data: { balance: null }, errors: [] });
    // NOAH's transactions name the asset and no account type.
    expect(data).toEqual({
      balance: { available: { amount: '8' } },
      nodes: [
        { available: { amount: '8' }, transactions: { sources: [{ state: 'OK' }] } },
        { available: { amount: '7' }, transactions: null },
      ],
    });
  });
});

describe('credentials', () => {
  test('a hundred concurrent queries log in at Ibanera once; NOAH gets a signature for each call', async () => {
    const fresh = await startThreeProviders({ env: { BALANCE_MAX_AGE_SECONDS: '0' } });
    try {
      const insist = { 'cache-control': 'no-cache' };
      const query =
        '{ balances(first: 100, filter: { providers: [IBANERA, NOAH] }) { totalCount sources { state } } }';
      const ask = () => fresh.ask(query, {}, insist);
      const answers = await Promise.all(Array.from({ length: 100 }, ask));
      // Concurrent queries share their reads; these do not.
      for (let round = 0; round < 11; round++) answers.push(await ask());
      for (const { data } of answers) expect(data).toMatchObject({ balances: { totalCount: 11 } });
      expect(fresh.ibanera.loginCount()).toBe(1);
      const { IBANERA, NOAH } = fresh.dataCalls();
      expect(IBANERA).toBeGreaterThan(10);
      expect(NOAH).toBeGreaterThan(10);
      const signatures = fresh.noah.calls().map(({ signature }) => signature);
      expect(new Set(signatures).size).toBe(NOAH);
    } finally {
      await fresh.close();
    }
  });

  test('a repeated call of NOAH gets a new signature', async () => {
    three.noah.inject({ kind: 'status', status: 503, body: 'own', match: { path: /balances/ }, times: 1 });
    const { errors } = await three.ask('{ balances(filter: { providers: [NOAH] }) { totalCount } }');
    expect(errors).toEqual([]);
    const calls = three.noah.calls();
    expect(calls.map(({ status }) => status)).toEqual([503, 200]);
    expect(new Set(calls.map(({ signature }) => signature)).size).toBe(2);
  });
});
