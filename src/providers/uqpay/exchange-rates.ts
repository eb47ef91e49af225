import { upperCaseCodes } from '../../domain/currency-code.ts';
import type { ExchangeRate, ExchangeRates } from '../../domain/exchange-rate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ExchangeRateRepository } from '../../ports/provider.ts';
import type { Route } from '../../ports/upstream.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { ReplyContext, UqpayClient } from './client.ts';
import { type WireRate, wireRateData, wireRatesInData } from './wire.ts';

const route: Route = { method: 'GET', path: '/v1/exchange/rates' };

/** Six letters, as documented; an older SDK writes a slash between them (reference section 11.1). */
const currencyPair = /^([A-Za-z0-9]{3})\/?([A-Za-z0-9]{3})$/;

/**
 * The rates that UQPAY publishes (reference section 11.1). Without `currency_pairs` it returns all pairs, so that one
 * read serves every conversion. Rates are always read for the master account, because nothing says that others get
 * other rates.
 */
export function createExchangeRateRepository(client: UqpayClient): ExchangeRateRepository {
  return {
    route,
    all: (context) =>
      client.read<ExchangeRates>(
        {
          kind: 'rates',
          route,
          query: {},
          onBehalfOf: null,
          parse: parseRates,
        },
        context,
      ),
  };
}

function parseRates(json: unknown, reply: ReplyContext): ExchangeRates {
  const { rows, path, updatedAt } = findRates(json, reply);
  const rates = rows.map((row, rowIndex) => toRate(row, `${path}[${rowIndex}]`, updatedAt, reply));
  rates.sort((a, b) => compareTexts(a.base, b.base) || compareTexts(a.quote, b.quote));
  const twice = rates.find(({ base, quote }, index) => {
    const next = rates[index + 1];
    return next?.base === base && next.quote === quote;
  });
  if (twice === undefined) return { rates, updatedAt };
  throw shapeFailure(reply.name, path, `has ${twice.base}${twice.quote} more than once`, reply.details);
}

/** Reads the three shapes that sources show: the array is `data` or `data.rates`, and the time is beside either. */
function findRates(
  json: unknown,
  { name, details }: ReplyContext,
): { readonly rows: readonly WireRate[]; readonly path: string; readonly updatedAt: Instant | null } {
  const data: unknown = isObject(json) ? Reflect.get(json, 'data') : undefined;
  if (Array.isArray(data)) {
    const { data: rows, last_updated: updatedAt } = parseShape(wireRateData, json, name, details);
    return { rows, path: 'data', updatedAt };
  }
  if (!isObject(data) || !('rates' in data)) {
    throw shapeFailure(name, 'data', 'expected an array, or an object with "rates"', details);
  }
  const parsed = parseShape(wireRatesInData, json, name, details);
  const updatedAt = parsed.data.last_updated ?? parsed.last_updated;
  return { rows: parsed.data.rates, path: 'data.rates', updatedAt };
}

function toRate(
  { currency_pair, buy_price: buy, sell_price: sell, update_time }: WireRate,
  path: string,
  listedAt: Instant | null,
  { name, details }: ReplyContext,
): ExchangeRate {
  const [, base, quote] = currencyPair.exec(currency_pair) ?? [];
  if (base === undefined || quote === undefined) {
    throw shapeFailure(name, `${path}.currency_pair`, 'expected two codes of three letters', details);
  }
  return {
    provider: 'UQPAY',
    base: upperCaseCodes.read(base),
    quote: upperCaseCodes.read(quote),
    buy,
    sell,
    updatedAt: update_time ?? listedAt,
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
