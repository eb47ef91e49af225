// Currencies that a provider writes in another case: answers use one spelling, and everything returned can be queried
// again, in any case.
import { afterEach, describe, expect, test } from '@jest/globals';
import { at } from '../support/execute.ts';
import { startThreeProviders, type ThreeOptions } from './three-providers.fixture.ts';

const closers: (() => Promise<void>)[] = [];

async function start(options: ThreeOptions) {
  const three = await startThreeProviders({
    noah: { seed: 'empty' },
    ibanera: { seed: 'empty' },
    ...options,
  });
  closers.push(three.close);
  return three;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const ways = [
  { currencyCase: 'lower', currencyMatching: 'as-written' },
  { currencyCase: 'lower', currencyMatching: 'any-case' },
  { currencyCase: 'capitalised', currencyMatching: 'as-written' },
  { currencyCase: 'upper', currencyMatching: 'as-written' },
] as const;

describe.each(ways)(
  'UQPAY writes currencies as $currencyCase, and accepts them $currencyMatching',
  (behaviour) => {
    async function startUqpay() {
      const three = await start({ uqpay: { behaviour } });
      const { masterAccountId } = three.sandboxes.UQPAY;
      for (const currency of ['USD', 'EUR']) {
        three.uqpay.setBalance('banking', masterAccountId, currency, {
          available_balance: `1.${currency.length}`,
        });
        three.uqpay.setBalance('issuing', masterAccountId, currency, { available_balance: '2.00' });
        three.uqpay.insertTransaction('banking', { currency });
      }
      return three;
    }

    test.each(['USD', 'usd', 'Usd'])('one balance in %s is the first query', async (asked) => {
      const { ask } = await startUqpay();
      const query = `query ($c: CurrencyCode!) {
      banking: balance(ledger: BANKING, currency: $c) { currency available { amount currency } }
    }`;
      const { data, errors } = await ask(query, { c: asked });
      expect(errors).toEqual([]);
      expect(data).toEqual({ banking: { currency: 'USD', available: { amount: '1.3', currency: 'USD' } } });
      const issuing = await ask(
        '{ balance(ledger: ISSUING, currency: "EUR") { currency available { amount } } }',
      );
      expect(issuing.data).toEqual({ balance: { currency: 'EUR', available: { amount: '2.00' } } });
    });

    test('several balances, a list, and one by its id', async () => {
      const { ask } = await startUqpay();
      const aliases =
        '{ a: balance(ledger: BANKING, currency: "USD") { id currency } b: balance(ledger: BANKING, currency: "eur") { currency } }';
      const { data } = await ask(aliases);
      expect(data).toMatchObject({ a: { currency: 'USD' }, b: { currency: 'EUR' } });
      expect(
        (await ask(`{ node(id: "${at(data, 'a', 'id')}") { ... on Balance { currency } } }`)).data,
      ).toEqual({
        node: { currency: 'USD' },
      });
      const list = `query ($c: [CurrencyCode!]) { balances(filter: { providers: [UQPAY], ledgers: [BANKING], currencies: $c }) {
      totalCount nodes { currency } sources { state } } }`;
      expect((await ask(list, { c: ['USD'] })).data).toEqual({
        balances: { totalCount: 1, nodes: [{ currency: 'USD' }], sources: [{ state: 'OK' }] },
      });
      expect((await ask(list, { c: null })).data).toMatchObject({
        balances: { nodes: [{ currency: 'EUR' }, { currency: 'USD' }] },
      });
    });

    test.each(['USD', 'usd'])('transactions in %s are the first query', async (asked) => {
      const { ask } = await startUqpay();
      const query = `query ($c: [CurrencyCode!]) { transactions(filter: { providers: [UQPAY], ledgers: [BANKING], currencies: $c }) {
      totalCount nodes { amount { currency } balance { currency } } sources { state } } }`;
      const { data, errors } = await ask(query, { c: [asked] });
      expect(errors).toEqual([]);
      expect(data).toEqual({
        transactions: {
          totalCount: 1,
          nodes: [{ amount: { currency: 'USD' }, balance: { currency: 'USD' } }],
          sources: [{ state: 'OK' }],
        },
      });
      const none = await ask(query, { c: ['SGD'] });
      expect(none.data).toMatchObject({ transactions: { totalCount: 0, nodes: [] } });
    });
  },
);

test('a cursor continues under another spelling of its filter', async () => {
  const { ask, uqpay } = await start({});
  for (let index = 0; index < 3; index += 1) uqpay.insertTransaction('banking', { currency: 'USD' });
  const query = `query ($c: [CurrencyCode!], $after: String) {
    transactions(first: 2, after: $after, filter: { providers: [UQPAY], currencies: $c }) {
      nodes { id } pageInfo { endCursor hasNextPage } } }`;
  const first = await ask(query, { c: ['USD'] });
  const after = at(first.data, 'transactions', 'pageInfo', 'endCursor');
  const second = await ask(query, { c: ['usd'], after });
  expect(second.errors).toEqual([]);
  expect(at(second.data, 'transactions', 'nodes')).toHaveLength(1);
  expect((await ask(query, { c: ['EUR'], after })).errors?.[0]?.extensions?.code).toBe(
    'CURSOR_FILTER_CHANGED',
  );
});

describe('NOAH’s assets', () => {
  const list = `query ($c: [CurrencyCode!]) { balances(filter: { providers: [NOAH], currencies: $c }) { nodes { currency } } }`;
  const rows = `query ($c: [CurrencyCode!]) { transactions(filter: { providers: [NOAH], currencies: $c }) {
    nodes { amount { amount currency } balance { currency } } } }`;
  const one = `query ($c: CurrencyCode!) { balance(provider: NOAH, ledger: CURRENT, currency: $c) {
    id currency available { amount } transactions { nodes { amount { amount } } } } }`;

  test.each(['USDC.e', 'usdc.e', 'USDC.E'])('keep their spelling, and are found as %s', async (asked) => {
    const { ask, noah } = await start({});
    noah.setBalance('USDC.e', { Available: '3' });
    noah.setBalance('BTC', { Available: '1' });
    noah.insertTransaction({ CryptoCurrency: 'USDC.e', Amount: '2' });
    noah.insertTransaction({ CryptoCurrency: 'BTC', Amount: '1' });
    const found = await ask(rows, { c: [asked] });
    expect(at(found.data, 'transactions', 'nodes')).toEqual([
      { amount: { amount: '2', currency: 'USDC.e' }, balance: { currency: 'USDC.e' } },
    ]);
    expect((await ask(list, { c: [asked] })).data).toEqual({ balances: { nodes: [{ currency: 'USDC.e' }] } });
    expect((await ask(one, { c: asked })).data).toMatchObject({
      balance: { currency: 'USDC.e', transactions: { nodes: [{ amount: { amount: '2' } }] } },
    });
  });

  test.each(['usdc.e', 'USDC.E'])('one balance as %s is the first query', async (asked) => {
    const { ask, noah, dataCalls } = await start({});
    noah.setBalance('USDC.e', { Available: '3' });
    const { data } = await ask(
      'query ($c: CurrencyCode!) { balance(provider: NOAH, currency: $c) { currency } }',
      {
        c: asked,
      },
    );
    expect(data).toEqual({ balance: { currency: 'USDC.e' } });
    expect(dataCalls().NOAH).toBe(1);
  });

  test('that differ only in case are never mixed', async () => {
    const { ask, noah } = await start({});
    noah.setBalance('USDC.e', { Available: '3' });
    noah.setBalance('USDC.E', { Available: '4' });
    noah.insertTransaction({ CryptoCurrency: 'USDC.e', Amount: '2' });
    noah.insertTransaction({ CryptoCurrency: 'USDC.E', Amount: '5' });
    for (const [asked, available, amount] of [
      ['USDC.E', '4', '5'],
      ['USDC.e', '3', '2'],
    ] as const) {
      expect((await ask(rows, { c: [asked] })).data).toMatchObject({
        transactions: { nodes: [{ amount: { amount, currency: asked } }] },
      });
      expect((await ask(list, { c: [asked] })).data).toEqual({ balances: { nodes: [{ currency: asked }] } });
      const { data } = await ask(one, { c: asked });
      expect(data).toMatchObject({
        balance: {
          currency: asked,
          available: { amount: available },
          transactions: { nodes: [{ amount: { amount } }] },
        },
      });
      expect(
        (await ask(`{ node(id: "${at(data, 'balance', 'id')}") { ... on Balance { currency } } }`)).data,
      ).toEqual({
        node: { currency: asked },
      });
    }
    const { data, errors } = await ask(one, { c: 'usdc.e' });
    expect(data).toEqual({ balance: null });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('USDC.e, USDC.E'),
      extensions: { code: 'BAD_USER_INPUT', provider: 'NOAH' },
    });
  });
});
