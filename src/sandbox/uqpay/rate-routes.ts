import { type Answer, jsonAnswer } from '../shared/answers.ts';
import { isDecimalText, toAmountToken } from '../shared/exact-json.ts';
import type { UqpayBehaviour } from './behaviour.ts';
import { formatSecond } from './instant.ts';
import { invalidParameter } from './query.ts';
import type { RateRecord } from './rate-book.ts';
import type { Route, RouteCall } from './route.ts';

/** The published exchange rates (reference section 11.1). */
export const rateRoutes: readonly Route[] = [
  {
    path: /^\/v1\/exchange\/rates$/,
    line: 'banking',
    methods: { GET: { idempotencyKey: 'optional', answer: listRates } },
  },
];

const pairsMax = 100;
const dayMs = 86_400_000;

function listRates({ store, query, nowMs }: RouteCall): Answer {
  const { behaviour, rates } = store;
  const momentMs = behaviour.ratesUpdated === 'now' ? nowMs : Math.floor(nowMs / dayMs - 1) * dayMs;
  const asked = query.get('currency_pairs')?.split(',') ?? rates.pairs();
  if (query.has('currency_pairs') && asked.length > pairsMax) {
    throw invalidParameter(`currency_pairs must name at most ${pairsMax} pairs`);
  }
  if (!asked.every((pair) => /^[A-Z]{6}$/.test(pair))) {
    throw invalidParameter('currency_pairs must be pairs of six capital letters, separated by commas');
  }
  const found = asked.map((pair) => rates.rateAt(pair, momentMs));
  const rows = found.filter((rate) => rate !== null).map((rate) => encodeRate(rate, behaviour.ratePricesAs));
  const unavailable = asked.filter((_pair, pairIndex) => found[pairIndex] === null);
  const updatedAt = formatSecond(rates.updatedAtMs(momentMs) / 1000);
  const list = `[${rows.join(',')}]`;
  const beside = `"unavailable_currency_pairs":${JSON.stringify(unavailable)},"last_updated":${JSON.stringify(updatedAt)}`;
  return jsonAnswer(200, inShape(behaviour.rateShape, list, beside));
}

/** Where sources have the array, and the two members beside it (reference section 11.1). */
function inShape(shape: UqpayBehaviour['rateShape'], list: string, beside: string): string {
  switch (shape) {
    case 'array-in-data':
      return `{"data":${list},${beside}}`;
    case 'all-in-data':
      return `{"data":{"rates":${list},${beside}}}`;
    case 'rates-in-data':
      return `{"data":{"rates":${list}},${beside}}`;
  }
}

function encodeRate(rate: RateRecord, pricesAs: UqpayBehaviour['ratePricesAs']): string {
  const price = (text: string) => toAmountToken(text, isDecimalText(text) ? pricesAs : 'string');
  return JSON.stringify({ ...rate, buy_price: price(rate.buy_price), sell_price: price(rate.sell_price) });
}
