import { describe, expect, test } from '@jest/globals';
import { at, type Bench, column, type Reply, rowsOf, withBench } from './support.ts';

const path = '/v1/exchange/rates';
const ask = ({ call }: Bench, pairs: string) => call(path, { query: { currency_pairs: pairs } });

describe('exchange rates', () => {
  test('11.1: requested pairs in one call, prices as strings of four decimals, with the time beside them', () =>
    withBench({}, async (bench) => {
      const reply = await ask(bench, 'USDSGD,EURUSD');
      expect(reply.status).toBe(200);
      expect(rowsOf(reply)).toEqual([
        {
          currency_pair: 'USDSGD',
          buy_price: expect.stringMatching(/^1\.3\d{3}$/),
          sell_price: expect.stringMatching(/^1\.3\d{3}$/),
        },
        {
          currency_pair: 'EURUSD',
          buy_price: expect.stringMatching(/^1\.0\d{3}$/),
          sell_price: expect.stringMatching(/^1\.0\d{3}$/),
        },
      ]);
      expect(at(reply, 'unavailable_currency_pairs')).toEqual([]);
      expect(at(reply, 'last_updated')).toBe('2026-03-15T12:00:00+08:00');
    }));

  test('11.1: without currency_pairs, all pairs', () =>
    withBench({}, async ({ call }) => {
      const pairs = column(await call(path), 'currency_pair');
      expect(new Set(pairs).size).toBe(pairs.length);
      expect(pairs).toEqual(expect.arrayContaining(['USDSGD', 'SGDUSD', 'USDJPY', 'EURGBP']));
    }));

  test('11.1: unavailable pairs are named, and not listed', () =>
    withBench({}, async (bench) => {
      bench.sandbox.control.setRate('USDSGD', null);
      const reply = await ask(bench, 'USDXAF,USDSGD,USDJPY');
      expect(column(reply, 'currency_pair')).toEqual(['USDJPY']);
      expect(at(reply, 'unavailable_currency_pairs')).toEqual(['USDXAF', 'USDSGD']);
      expect(column(await bench.call(path), 'currency_pair')).not.toContain('USDSGD');
    }));

  test('11.1: at most 100 pairs a call, each of six capital letters', () =>
    withBench({}, async (bench) => {
      const many = (count: number) => Array.from({ length: count }, () => 'USDSGD').join(',');
      expect((await ask(bench, many(100))).status).toBe(200);
      for (const pairs of [many(101), 'USD/SGD', 'usdsgd', 'USDSG', 'USDSGD,', '']) {
        const reply = await ask(bench, pairs);
        expect([pairs.slice(0, 20), reply.status, at(reply, 'code')]).toEqual([
          pairs.slice(0, 20),
          400,
          'invalid_parameter',
        ]);
      }
    }));

  test('11.1: a setting selects one of three reply shapes', () =>
    withBench({}, async (bench) => {
      const shapeOf = async (rateShape: 'array-in-data' | 'all-in-data' | 'rates-in-data') => {
        bench.sandbox.control.setBehaviour({ rateShape });
        const { json } = await ask(bench, 'USDSGD,USDXAF');
        return json;
      };
      const rates = [
        { currency_pair: 'USDSGD', buy_price: expect.any(String), sell_price: expect.any(String) },
      ];
      const beside = {
        unavailable_currency_pairs: ['USDXAF'],
        last_updated: '2026-03-15T12:00:00+08:00',
      };
      expect(await shapeOf('array-in-data')).toEqual({ data: rates, ...beside });
      expect(await shapeOf('all-in-data')).toEqual({ data: { rates, ...beside } });
      expect(await shapeOf('rates-in-data')).toEqual({ data: { rates }, ...beside });
    }));

  test('prices are number tokens by switch, with their digits', () =>
    withBench({ behaviour: { ratePricesAs: 'number' } }, async (bench) => {
      bench.sandbox.control.setRate('USDSGD', { buy: '1.3500', sell: '1.34' });
      expect((await ask(bench, 'USDSGD')).text).toContain('"buy_price":1.3500,"sell_price":1.34}');
    }));

  test('prices move a little, stay the same for the same moment, and say when they changed', () =>
    withBench({ tokenLifetimeSeconds: 86_400 }, async (bench) => {
      const pairs = 'USDSGD,EURUSD,USDJPY,EURGBP';
      const prices = (reply: Reply) => rowsOf(reply).map(({ buy_price }) => Number(buy_price));
      const first = await ask(bench, pairs);
      expect((await ask(bench, pairs)).text).toBe(first.text);
      const seen = new Set<string>();
      for (let minute = 0; minute < 600; minute += 5) {
        bench.clock.nowMs += 300_000;
        const reply = await ask(bench, pairs);
        prices(reply).forEach((price, index) => {
          const start = prices(first)[index] ?? 0;
          expect(Math.abs(price / start - 1)).toBeLessThan(0.01);
        });
        seen.add(JSON.stringify(prices(reply)));
      }
      expect(seen.size).toBeGreaterThan(100);
      expect(at(await ask(bench, pairs), 'last_updated')).toBe('2026-03-15T22:00:00+08:00');
    }));

  test('rates are those of yesterday with the setting, and say so', () =>
    withBench({ behaviour: { ratesUpdated: 'a-day-ago' } }, async (bench) => {
      const first = await ask(bench, 'USDSGD');
      expect(at(first, 'last_updated')).toBe('2026-03-14T08:00:00+08:00');
      bench.clock.nowMs += 600_000;
      expect((await ask(bench, 'USDSGD')).text).toBe(first.text);
    }));

  test('the buy price is above the sell price, and a pair agrees with its inverse', () =>
    withBench({}, async ({ call }) => {
      const rates = new Map(rowsOf(await call(path)).map((row) => [String(row.currency_pair), row]));
      for (const { buy_price, sell_price } of rates.values())
        expect(Number(buy_price)).toBeGreaterThan(Number(sell_price));
      const middle = (pair: string) =>
        (Number(rates.get(pair)?.buy_price) + Number(rates.get(pair)?.sell_price)) / 2;
      expect(middle('USDSGD') * middle('SGDUSD')).toBeCloseTo(1, 3);
      expect(middle('USDEUR') * middle('EURUSD')).toBeCloseTo(1, 3);
    }));

  test('2.1 and 3.3: needs a token, and takes x-on-behalf-of of an account with the line', () =>
    withBench({}, async ({ sandbox, call }) => {
      expect((await call(path, { headers: { 'x-auth-token': null } })).status).toBe(401);
      const { account_id } = sandbox.control.addAccount();
      expect((await call(path, { headers: { 'x-on-behalf-of': account_id } })).status).toBe(200);
      const other = sandbox.control.addAccount({ business_code: ['ISSUING'] });
      expect((await call(path, { headers: { 'x-on-behalf-of': other.account_id } })).status).toBe(400);
      expect((await call(path, { method: 'POST' })).status).toBe(405);
    }));
});
