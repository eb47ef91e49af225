// Sums over balances and their conversion, through the real gateway. The tests calculate expected digits with
// integers.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openAccounts, type Rig, startRig } from '../faults/gateway.fixture.ts';
import { at } from '../support/execute.ts';

const sums =
  'byCurrency { currency available { amount } availableOfRead { amount } balanceCount unreportedCount }';
const lines = `converted { currency available { amount currency } availableOfLines { amount } ratesUpdatedAt
  unconverted { amount currency }
  lines { from { amount currency } to { amount currency } rate via rates { base quote } } }`;
const rest = 'complete asOf sources { provider ledger state code }';
const totalsOf = (args: string) => `{ balanceTotals(${args}) { ${sums} ${lines} ${rest} } }`;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ BALANCE_MAX_AGE_SECONDS: '0', STALE_MAX_AGE_SECONDS: '0' });
});
afterEach(() => rig.close());

function hold(line: 'banking' | 'issuing' | 'payment', currency: string, available_balance: string) {
  rig.control.setBalance(line, rig.sandbox.masterAccountId, currency, { available_balance });
}

function setMiddle(pair: string, price: string) {
  rig.control.setRate(pair, { buy: price, sell: price });
}

const rateCalls = () => rig.dataCalls().filter(({ path }) => path === '/v1/exchange/rates');
const converted = (data: unknown, ...path: (string | number)[]) =>
  at(data, 'balanceTotals', 'converted', ...path);

describe('sums by currency', () => {
  test('are exact over ledgers, and cost the same as the list of balances', async () => {
    hold('banking', 'USD', '12345678901234567890.10');
    hold('issuing', 'USD', '-0.00000000000000000001');
    hold('payment', 'USD', '0.9');
    hold('payment', 'EUR', '7');
    const { data, errors } = await rig.ask(`{ balanceTotals { ${sums} converted { currency } complete
      sources { ledger state } } }`);
    expect(errors).toEqual([]);
    const eur = { amount: '7' };
    const usd = { amount: '12345678901234567890.99999999999999999999' };
    expect(data).toEqual({
      balanceTotals: {
        byCurrency: [
          { currency: 'EUR', available: eur, availableOfRead: eur, balanceCount: 1, unreportedCount: 0 },
          { currency: 'USD', available: usd, availableOfRead: usd, balanceCount: 3, unreportedCount: 0 },
        ],
        converted: null,
        complete: true,
        sources: ['BANKING', 'ISSUING', 'PAYMENT'].map((ledger) => ({ ledger, state: 'OK' })),
      },
    });
    expect(rig.dataCalls()).toHaveLength(3);
  });

  test('respect the filter, over accounts too, and an account has its own', async () => {
    hold('banking', 'USD', '1.00');
    const ids = openAccounts(rig.control, 12);
    const { data, errors } = await rig.ask(
      `query ($ids: [ID!], $id: ID!) {
        some: balanceTotals(filter: { accountIds: $ids, ledgers: [BANKING], currencies: ["usd"] }) { ${sums} }
        none: balanceTotals(filter: { accountIds: $ids, ledgers: [BANKING], currencies: ["EUR"] }) { ${sums} complete }
        account(id: $id) { balanceTotals(filter: { ledgers: [BANKING, ISSUING] }) { ${sums} complete } }
      }`,
      {},
      { ids, id: ids[7] },
    );
    expect(errors).toEqual([]);
    // 0.00 + 1.01 + ... + 11.11
    expect(at(data, 'some', 'byCurrency')).toEqual([
      {
        currency: 'USD',
        available: { amount: '66.66' },
        availableOfRead: { amount: '66.66' },
        balanceCount: 12,
        unreportedCount: 0,
      },
    ]);
    expect(at(data, 'none')).toEqual({ byCurrency: [], complete: true });
    expect(at(data, 'account', 'balanceTotals', 'byCurrency', 0)).toMatchObject({
      available: { amount: '14.14' },
    });
    // Twelve lists of banking, and one of issuing; the account itself.
    expect(rig.dataCalls()).toHaveLength(14);
  });

  test('over a filter that matches nothing are empty and complete, and cost nothing', async () => {
    for (const filter of ['accountIds: []', 'providers: []', 'providers: [NOAH]', 'ledgers: []']) {
      const { data, errors } = await rig.ask(totalsOf(`filter: { ${filter} }, convertTo: "SGD"`));
      expect(errors).toEqual([]);
      expect(at(data, 'balanceTotals')).toMatchObject({
        byCurrency: [],
        complete: true,
        converted: { currency: 'SGD', lines: [], unconverted: [], availableOfLines: { amount: '0.00' } },
      });
    }
    expect(rig.dataCalls().filter(({ path }) => path !== '/v1/exchange/rates')).toEqual([]);
  });

  test('are null in every currency if a ledger fails, together with the partial sum', async () => {
    hold('banking', 'USD', '10.00');
    hold('issuing', 'USD', '5.00');
    hold('payment', 'EUR', '3.00');
    setMiddle('EURUSD', '1.1');
    rig.control.inject({ kind: 'status', status: 403, shape: 'A', match: { path: '/v1/issuing/balances' } });
    const { data, errors } = await rig.ask(totalsOf('convertTo: "USD"'));
    expect(errors).toMatchObject([
      { path: ['balanceTotals'], extensions: { code: 'UPSTREAM_FORBIDDEN', ledger: 'ISSUING' } },
    ]);
    expect(at(data, 'balanceTotals')).toMatchObject({
      byCurrency: [
        { currency: 'EUR', available: null, availableOfRead: { amount: '3.00' }, balanceCount: 1 },
        { currency: 'USD', available: null, availableOfRead: { amount: '10.00' }, balanceCount: 1 },
      ],
      converted: { available: null, availableOfLines: { amount: '13.30' } },
      complete: false,
      sources: [
        { ledger: 'BANKING', state: 'OK', code: null },
        { ledger: 'ISSUING', state: 'FAILED', code: 'UPSTREAM_FORBIDDEN' },
        { ledger: 'PAYMENT', state: 'OK', code: null },
        { ledger: null, state: 'OK', code: null },
      ],
    });
  });

  test('are not zero when a ledger fails and the others have no money', async () => {
    rig.control.inject({ kind: 'status', status: 403, shape: 'A', match: { path: '/v1/balances' } });
    const { data } = await rig.ask(totalsOf('convertTo: "USD"'));
    expect(at(data, 'balanceTotals')).toMatchObject({
      byCurrency: [],
      converted: { available: null, availableOfLines: { amount: '0.00' } },
      complete: false,
    });
  });

  test('are null if a balance does not report `available`, and only in that currency', async () => {
    hold('banking', 'EUR', '3.00');
    hold('banking', 'USD', '10.00');
    hold('payment', 'USD', '2.00');
    rig.control.setRate('USDEUR', null);
    setMiddle('EURUSD', '1.1');
    rig.control.inject({
      kind: 'shape',
      match: { path: '/v1/balances' },
      field: 'data.1.available_balance',
      value: null,
    });
    const { data, errors } = await rig.ask(totalsOf('convertTo: "EUR"'));
    expect(errors).toEqual([]);
    expect(at(data, 'balanceTotals')).toMatchObject({
      byCurrency: [
        { currency: 'EUR', available: { amount: '3.00' }, balanceCount: 1, unreportedCount: 0 },
        {
          currency: 'USD',
          available: null,
          availableOfRead: { amount: '2.00' },
          balanceCount: 1,
          unreportedCount: 1,
        },
      ],
      converted: { available: null, availableOfLines: { amount: '4.82' } },
      complete: true,
    });
    const usd = await rig.ask(
      totalsOf('filter: { currencies: ["USD"], ledgers: [BANKING] }, convertTo: "EUR"'),
    );
    expect(at(usd.data, 'balanceTotals')).toMatchObject({
      byCurrency: [{ available: null, availableOfRead: null, balanceCount: 0, unreportedCount: 1 }],
      converted: { available: null, availableOfLines: { amount: '0.00' }, lines: [], unconverted: [] },
    });
  });

  test('are null as a whole if nothing could be read', async () => {
    rig.control.inject({ kind: 'status', status: 403, shape: 'A', match: { path: '/v./.*balances' } });
    const { data, errors } = await rig.ask(totalsOf('convertTo: "USD"'));
    expect(data).toEqual({ balanceTotals: null });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array(3).fill('UPSTREAM_FORBIDDEN'));
  });
});

describe('conversion', () => {
  test('uses the pair, else its inverse, else two steps through the dollar, and says so', async () => {
    for (const pair of ['USDSGD', 'EURSGD', 'USDHKD', 'USDJPY', 'SGDUSD', 'EURUSD', 'USDEUR', 'GBPSGD']) {
      rig.control.setRate(pair, null);
    }
    setMiddle('EURSGD', '1.4632');
    setMiddle('SGDJPY', '110.5012');
    setMiddle('USDSGD', '1.3500');
    setMiddle('USDHKD', '7.8123');
    hold('banking', 'SGD', '100.10');
    hold('banking', 'EUR', '20.05');
    hold('banking', 'JPY', '5001');
    hold('banking', 'HKD', '-1000.00');
    hold('banking', 'CNY', '8.00');
    rig.control.setRate('USDCNY', null);
    const { data, errors } = await rig.ask(totalsOf('convertTo: "sgd"'));
    expect(errors).toEqual([]);
    // 5001 / 110.5012 and -1000 / 7.8123 * 1.35, by hand with 30 digits.
    const jpy = (5001n * 10n ** 34n) / 1105012n;
    const hkd = (1000n * 13500n * 10n ** 30n) / 78123n;
    const fixed = (value: bigint) =>
      `${value / 10n ** 30n}.${String(value % 10n ** 30n)
        .padStart(30, '0')
        .slice(0, 19)}`;
    expect(converted(data, 'lines')).toMatchObject([
      {
        from: { amount: '20.05', currency: 'EUR' },
        to: { amount: '29.33716', currency: 'SGD' },
        rate: '1.4632',
        via: null,
        rates: [{ base: 'EUR', quote: 'SGD' }],
      },
      {
        to: { amount: expect.stringMatching(`^-${fixed(hkd)}`) },
        rate: '0.17280442379324910718',
        via: 'USD',
        rates: [
          { base: 'USD', quote: 'HKD' },
          { base: 'USD', quote: 'SGD' },
        ],
      },
      {
        to: { amount: expect.stringMatching(`^${fixed(jpy)}`) },
        rate: '0.0090496754786373360651',
        via: null,
        rates: [{ base: 'SGD', quote: 'JPY' }],
      },
      {
        from: { amount: '100.10', currency: 'SGD' },
        to: { amount: '100.10', currency: 'SGD' },
        rate: '1',
        via: null,
        rates: [],
      },
    ]);
    expect(converted(data, 'unconverted')).toEqual([{ amount: '8.00', currency: 'CNY' }]);
    expect(converted(data, 'available')).toBeNull();
    // 100.10 + 29.33716 + 45.2574... - 172.8044...
    expect(converted(data, 'availableOfLines')).toEqual({ amount: '1.89' });
    expect(converted(data, 'ratesUpdatedAt')).toEqual(expect.stringMatching(/Z$/));
  });

  test.each([
    ['MID', '1.35', '13.50', '0.74074074074074074074', '7.41'],
    ['BUY', '1.4', '14.00', '0.71428571428571428571', '7.14'],
    ['SELL', '1.3', '13.00', '0.76923076923076923077', '7.69'],
  ])('on the side %s uses that price, inverted if the pair is', async (side, rate, sgd, inverse, usd) => {
    rig.control.setRate('SGDUSD', null);
    rig.control.setRate('USDSGD', { buy: '1.4000', sell: '1.3000' });
    hold('banking', 'USD', '10');
    hold('payment', 'SGD', '10');
    const toSgd = await rig.ask(
      totalsOf(`filter: { ledgers: [BANKING] }, convertTo: "SGD", rateSide: ${side}`),
    );
    expect(converted(toSgd.data, 'lines')).toMatchObject([
      { rate, to: { amount: sgd.replace(/\.?0+$/, '') } },
    ]);
    expect(converted(toSgd.data, 'available')).toEqual({ amount: sgd, currency: 'SGD' });
    const toUsd = await rig.ask(
      totalsOf(`filter: { ledgers: [PAYMENT] }, convertTo: "USD", rateSide: ${side}`),
    );
    expect(converted(toUsd.data, 'lines')).toMatchObject([{ rate: inverse }]);
    expect(converted(toUsd.data, 'available')).toEqual({ amount: usd, currency: 'USD' });
    // One read serves all sides and targets.
    expect(rateCalls()).toHaveLength(1);
  });

  test.each([
    ['JPY', '1', '12.5000', '12'],
    ['JPY', '1', '13.5000', '14'],
    ['KWD', '10', '1.2300', '12.300'],
    ['KWD', '-1', '0.0005', '0.000'],
    ['USD', '1', '12.3450', '12.34'],
    ['USD', '1', '12.3550', '12.36'],
    ['USD', '-1', '12.3550', '-12.36'],
    ['USD', '1', '12.3451', '12.35'],
  ])('to %s of %s at %s rounds once, half to even, to its own digits', async (currency, held, price, sum) => {
    for (const pair of ['USDSGD', 'SGDUSD']) rig.control.setRate(pair, null);
    setMiddle(`SGD${currency}`, price);
    hold('banking', 'SGD', held);
    const { data } = await rig.ask(totalsOf(`convertTo: "${currency}"`));
    expect(converted(data, 'available')).toEqual({ amount: sum, currency });
  });

  test('to a currency without digits in ISO 4217 is not rounded, up to 20 decimals', async () => {
    setMiddle('USDBTX', '0.00001234');
    setMiddle('BTYUSD', '97000.0000');
    hold('banking', 'USD', '1.11');
    const exact = await rig.ask(totalsOf('convertTo: "BTX"'));
    expect(converted(exact.data, 'available')).toEqual({ amount: '0.0000136974', currency: 'BTX' });
    const long = await rig.ask(totalsOf('convertTo: "BTY"'));
    // 1.11 / 97000
    expect(converted(long.data, 'available')).toEqual({ amount: '0.00001144329896907216', currency: 'BTY' });
    expect(converted(long.data, 'lines', 0, 'to', 'amount')).toBe('0.000011443298969072164948');
  });

  test('to a currency without a rate leaves everything unconverted, and is not an error', async () => {
    hold('banking', 'USD', '1.11');
    hold('banking', 'EUR', '0.00');
    const { data, errors } = await rig.ask(totalsOf('convertTo: "XTS"'));
    expect(errors).toEqual([]);
    expect(at(data, 'balanceTotals')).toMatchObject({
      complete: true,
      converted: {
        currency: 'XTS',
        available: null,
        availableOfLines: { amount: '0' },
        lines: [],
        unconverted: [
          { amount: '0.00', currency: 'EUR' },
          { amount: '1.11', currency: 'USD' },
        ],
      },
    });
  });

  test('is null, and nothing else is, if the rates cannot be read', async () => {
    hold('banking', 'USD', '1.11');
    rig.control.inject({ kind: 'status', status: 403, shape: 'A', match: { path: '/v1/exchange/rates' } });
    const { data, errors } = await rig.ask(totalsOf('convertTo: "SGD"'));
    expect(errors).toMatchObject([
      { path: ['balanceTotals', 'converted'], extensions: { code: 'UPSTREAM_FORBIDDEN', provider: 'UQPAY' } },
    ]);
    expect(errors[0]?.extensions.ledger).toBeUndefined();
    expect(at(data, 'balanceTotals')).toMatchObject({
      byCurrency: [{ available: { amount: '1.11' } }],
      converted: null,
      complete: false,
      sources: [
        { ledger: 'BANKING', state: 'OK' },
        { ledger: 'ISSUING', state: 'OK' },
        { ledger: 'PAYMENT', state: 'OK' },
        { ledger: null, state: 'FAILED', code: 'UPSTREAM_FORBIDDEN' },
      ],
    });
  });

  test.each(['0.0000', '-1.3', 'n/a', ''])('refuses the price %j', async (value) => {
    hold('banking', 'USD', '1.11');
    rig.control.inject({
      kind: 'shape',
      match: { path: '/v1/exchange/rates' },
      field: 'data.0.buy_price',
      value,
    });
    const { data, errors } = await rig.ask(totalsOf('convertTo: "SGD", rateSide: SELL'));
    expect(errors).toMatchObject([
      { path: ['balanceTotals', 'converted'], extensions: { code: 'UPSTREAM_SHAPE' } },
    ]);
    expect(converted(data)).toBeNull();
  });

  test('skips a pair without a price on that side', async () => {
    hold('banking', 'USD', '10.00');
    setMiddle('USDSGD', '1.5000');
    setMiddle('SGDUSD', '0.8000');
    rig.control.inject({
      kind: 'shape',
      match: { path: '/v1/exchange/rates' },
      field: 'data.0.buy_price',
      value: null,
    });
    const { data } = await rig.ask(totalsOf('convertTo: "SGD", rateSide: BUY'));
    expect(converted(data, 'lines')).toMatchObject([
      { rate: '1.25', rates: [{ base: 'SGD', quote: 'USD' }] },
    ]);
    const sell = await rig.ask(totalsOf('convertTo: "SGD", rateSide: SELL'));
    expect(converted(sell.data, 'lines')).toMatchObject([{ rate: '1.5' }]);
  });

  test('costs one call for rates a minute, whatever the query, and a new one with no-cache', async () => {
    hold('banking', 'USD', '1.11');
    const ids = openAccounts(rig.control, 3);
    const conversions = ['SGD', 'EUR', 'XTS', 'JPY'].flatMap((code) =>
      ['MID', 'BUY', 'SELL'].map(
        (side) => `${code}${side}: balanceTotals(convertTo: "${code}", rateSide: ${side}) { ${lines} }`,
      ),
    );
    const query = `query ($ids: [ID!]) { ${conversions.join(' ')} accounts(first: 10) { nodes {
      balanceTotals(convertTo: "GBP", filter: { ledgers: [BANKING] }) { ${lines} } } }
      some: balanceTotals(filter: { accountIds: $ids }, convertTo: "CHF") { ${lines} } }`;
    expect((await rig.ask(query, {}, { ids })).errors).toEqual([]);
    expect((await rig.ask(query, {}, { ids })).errors).toEqual([]);
    expect(rateCalls()).toHaveLength(1);
    await rig.ask(query, { 'cache-control': 'no-cache' }, { ids });
    expect(rateCalls()).toHaveLength(2);
  });
});

test('stale balances or rates are used when they cannot be read, and marked', async () => {
  await rig.close();
  rig = await startRig({
    BALANCE_MAX_AGE_SECONDS: '0',
    EXCHANGE_RATE_MAX_AGE_SECONDS: '0',
    STALE_MAX_AGE_SECONDS: '60',
  });
  hold('banking', 'USD', '10.00');
  setMiddle('USDSGD', '1.5000');
  const query = totalsOf('convertTo: "SGD"');
  const first = await rig.ask(query);
  rig.control.inject({
    kind: 'status',
    status: 503,
    shape: 'A',
    match: { path: '/v1/(balances|exchange/rates)' },
  });
  const { data, errors } = await rig.ask(query);
  expect(errors).toEqual([]);
  expect(at(data, 'balanceTotals')).toMatchObject({
    complete: true,
    byCurrency: [{ available: { amount: '10.00' } }],
    converted: { available: { amount: '15.00' } },
    sources: [
      { ledger: 'BANKING', state: 'STALE', code: 'UPSTREAM_UNAVAILABLE' },
      { ledger: 'ISSUING', state: 'OK', code: null },
      { ledger: 'PAYMENT', state: 'OK', code: null },
      { ledger: null, state: 'STALE', code: 'UPSTREAM_UNAVAILABLE' },
    ],
  });
  expect(at(data, 'balanceTotals', 'asOf')).toBe(at(first.data, 'balanceTotals', 'asOf'));
});
