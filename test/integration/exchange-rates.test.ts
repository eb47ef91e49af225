// Published exchange rates through the real gateway: three reply shapes, prices as text, one call for all of them.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Rig, startRig } from '../faults/gateway.fixture.ts';
import { at } from '../support/execute.ts';

const fields = `nodes { provider base quote buy sell updatedAt } unavailable asOf sources { provider ledger state code }`;
const ratesOf = (pairs: string) => `{ exchangeRates(pairs: ${pairs}) { ${fields} } }`;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  rig.control.setRate('USDSGD', { buy: '1.3500', sell: '1.3400' });
  rig.control.setRate('EURUSD', { buy: '1.08', sell: '1.070' });
});
afterEach(() => rig.close());

const rateCalls = () => rig.dataCalls().filter(({ path }) => path === '/v1/exchange/rates');

describe('exchange rates', () => {
  test('are the requested ones, in any case, by base and quote, and unavailable pairs are named', async () => {
    const { data, errors } = await rig.ask(
      ratesOf(`[{ base: "USD", quote: "XAF" }, { base: "usd", quote: "sgd" }, { base: "EUR", quote: "USD" },
        { base: "USD", quote: "SGD" }, { base: "USDC.e", quote: "USD" }]`),
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      exchangeRates: {
        nodes: [
          {
            provider: 'UQPAY',
            base: 'EUR',
            quote: 'USD',
            buy: '1.08',
            sell: '1.070',
            updatedAt: expect.any(String),
          },
          {
            provider: 'UQPAY',
            base: 'USD',
            quote: 'SGD',
            buy: '1.3500',
            sell: '1.3400',
            updatedAt: expect.any(String),
          },
        ],
        unavailable: ['USDXAF', 'USDC.EUSD'],
        asOf: expect.any(String),
        sources: [{ provider: 'UQPAY', ledger: null, state: 'OK', code: null }],
      },
    });
    expect(rateCalls()).toHaveLength(1);
  });

  test('are all rates without pairs; none for an empty list, without a call', async () => {
    const { data } = await rig.ask('{ exchangeRates { nodes { base quote } unavailable } }');
    const pairs = (at(data, 'exchangeRates', 'nodes') as { base: string; quote: string }[]).map(
      ({ base, quote }) => base + quote,
    );
    expect(pairs).toEqual([...pairs].sort());
    expect(pairs).toEqual(expect.arrayContaining(['EURUSD', 'SGDUSD', 'USDSGD']));
    rig.control.resetCalls();
    const none = await rig.ask(
      '{ exchangeRates(pairs: []) { nodes { base } unavailable sources { state } } }',
      {
        'cache-control': 'no-cache',
      },
    );
    expect(none.data).toEqual({ exchangeRates: { nodes: [], unavailable: [], sources: [] } });
    expect(rig.dataCalls()).toEqual([]);
  });

  test.each(['array-in-data', 'all-in-data', 'rates-in-data'] as const)(
    'are the same in the shape %s, as strings and as numbers, with their digits',
    async (rateShape) => {
      for (const ratePricesAs of ['string', 'number'] as const) {
        rig.control.setBehaviour({ rateShape, ratePricesAs });
        const { data, errors } = await rig.ask(ratesOf('[{ base: "USD", quote: "SGD" }]'), {
          'cache-control': 'no-cache',
        });
        expect(errors).toEqual([]);
        expect(at(data, 'exchangeRates', 'nodes')).toEqual([
          {
            provider: 'UQPAY',
            base: 'USD',
            quote: 'SGD',
            buy: '1.3500',
            sell: '1.3400',
            updatedAt: expect.any(String),
          },
        ]);
      }
    },
  );

  test('say when the provider last changed them, however long ago', async () => {
    rig.control.setBehaviour({ ratesUpdated: 'a-day-ago' });
    const { data } = await rig.ask(ratesOf('[{ base: "USD", quote: "SGD" }]'));
    const updatedAt = Date.parse(String(at(data, 'exchangeRates', 'nodes', 0, 'updatedAt')));
    expect(Date.now() - updatedAt).toBeGreaterThanOrEqual(24 * 3600_000);
  });

  test('of 120 pairs cost one call, and are cached for all callers', async () => {
    const pairs = Array.from(
      { length: 120 },
      (_, index) => `{ base: "USD", quote: "A${String(index).padStart(2, '0')}" }`,
    );
    const { data, errors } = await rig.ask(ratesOf(`[${pairs}]`));
    expect(errors).toEqual([]);
    expect(at(data, 'exchangeRates', 'unavailable')).toHaveLength(120);
    await rig.ask(ratesOf('[{ base: "USD", quote: "SGD" }]'));
    expect(rateCalls()).toHaveLength(1);
    await rig.ask(ratesOf('[{ base: "USD", quote: "SGD" }]'), { 'cache-control': 'no-cache' });
    expect(rateCalls()).toHaveLength(2);
  });

  test.each(['0', '0.0000', '-1.35', 'n/a', '', '1,35', true, []])(
    'with the price %j are refused, with its path but without the value',
    async (value) => {
      rig.control.inject({
        kind: 'shape',
        match: { path: '/v1/exchange/rates' },
        field: 'data.0.sell_price',
        value,
      });
      const { data, errors } = await rig.ask(ratesOf('[{ base: "USD", quote: "JPY" }]'));
      expect(data).toEqual({ exchangeRates: null });
      expect(errors).toMatchObject([
        {
          path: ['exchangeRates'],
          message: expect.stringContaining('data[0].sell_price: expected a'),
          extensions: { code: 'UPSTREAM_SHAPE', provider: 'UQPAY' },
        },
      ]);
    },
  );

  test.each([
    ['data', null],
    ['data', {}],
    ['data', 'none'],
    ['data.0.currency_pair', 'USDEURO'],
    ['data.0.currency_pair', ''],
    ['data.1.currency_pair', 'USD/SGD'],
  ])('are refused where %s is %j', async (field, value) => {
    rig.control.inject({ kind: 'shape', match: { path: '/v1/exchange/rates' }, field, value });
    const { errors } = await rig.ask('{ exchangeRates { unavailable } }');
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_SHAPE' } }]);
  });

  test('with a missing price have null for it, and a pair may have a slash', async () => {
    const match = { path: '/v1/exchange/rates' };
    rig.control.inject({ kind: 'shape', match, field: 'data.0.sell_price', value: null, times: 1 });
    const { data } = await rig.ask(ratesOf('[{ base: "USD", quote: "SGD" }]'));
    expect(at(data, 'exchangeRates', 'nodes', 0)).toMatchObject({ buy: '1.3500', sell: null });
    rig.control.inject({ kind: 'shape', match, field: 'data.0.currency_pair', value: 'usd/sgd', times: 1 });
    const slashed = await rig.ask(ratesOf('[{ base: "USD", quote: "SGD" }]'), {
      'cache-control': 'no-cache',
    });
    expect(at(slashed.data, 'exchangeRates', 'nodes', 0)).toMatchObject({ base: 'USD', quote: 'SGD' });
  });

  test('for a pair that is not a pair of codes are bad input', async () => {
    for (const pair of [
      '{ base: "", quote: "SGD" }',
      '{ base: "USD" }',
      '{ base: 1, quote: "SGD" }',
      '"USDSGD"',
    ]) {
      const { errors } = await rig.ask(ratesOf(`[${pair}]`));
      expect([pair, errors.length > 0, rateCalls()]).toEqual([pair, true, []]);
    }
  });

  test('of a provider that is not connected are null', async () => {
    const { data, errors } = await rig.ask('{ exchangeRates(provider: NOAH) { unavailable } }');
    expect([data, errors]).toEqual([{ exchangeRates: null }, []]);
  });
});
