import * as z from 'zod';
import {
  amount,
  filterInput,
  problemsShape,
  sourcesFacts,
  sourcesSelection,
  sourcesShape,
} from '../shapes.ts';
import { dataOf, defineTool, errorLines } from '../tool.ts';
import { countWords, moneyWords, outcomeWords } from '../words.ts';

const money = z.object({ amount: z.string(), currency: z.string() });

const totals = z.object({
  byCurrency: z.array(
    z.object({
      currency: z.string(),
      available: amount('Exact sum of what can be spent, where every part of it is known.'),
      availableOfRead: amount('Sum of the parts that were read: not the total where available is null.'),
      balanceCount: z.number(),
      unreportedCount: z.number().describe('Balances whose amount was not reported.'),
    }),
  ),
  converted: z
    .object({
      currency: z.string(),
      available: amount('All of it in one currency, rounded once; a valuation, not an offer.'),
      lines: z.array(z.object({ from: money, to: money, rate: z.string(), via: z.string().nullable() })),
      unconverted: z.array(money).describe('Sums without a rate: in no line.'),
      ratesUpdatedAt: z.string().nullable(),
    })
    .nullable()
    .describe('null without convertTo, and where no rates could be read.'),
  asOf: z.string().describe('The oldest reading behind the sums.'),
});

const totalsOperation = `query BalanceTotals($filter: BalanceFilter, $convertTo: CurrencyCode) {
  balanceTotals(filter: $filter, convertTo: $convertTo) {
    byCurrency {
      currency balanceCount unreportedCount
      available { amount currency } availableOfRead { amount currency }
    }
    converted {
      currency ratesUpdatedAt available { amount currency }
      lines { rate via from { amount currency } to { amount currency } }
      unconverted { amount currency }
    }
    asOf ${sourcesSelection}
  }
}`;

export const balanceTotals = defineTool({
  name: 'balance_totals',
  title: 'Total balances',
  description:
    'Exact sums of available money by currency, over accounts, ledgers and providers; with convertTo also one sum at published rates, each line with its rate. Use this instead of adding balances yourself. A sum is null where a part of it is not reported or could not be read: say so, and never take it for zero.',
  scope: 'balances:read',
  input: z.strictObject({
    ...filterInput,
    convertTo: z.string().optional().describe('Currency of one sum over everything, such as USD.'),
  }),
  output: totals.extend({ ...sourcesShape, ...problemsShape }),
  async answer({ convertTo, ...filter }, run) {
    const variables = { filter, convertTo: convertTo ?? null };
    const answer = await run({ query: totalsOperation, operationName: 'BalanceTotals', variables });
    const data = dataOf(answer, 'balanceTotals');
    const facts = sourcesFacts(data, errorLines(answer));
    const found = totals.parse(data);
    const lines = found.byCurrency.map(({ currency, available, availableOfRead, balanceCount }) =>
      available === null
        ? `${currency}: not known as a whole; read so far ${moneyWords(availableOfRead)}`
        : `${currency}: ${moneyWords(available)} in ${countWords(balanceCount, 'balance')}`,
    );
    const { converted } = found;
    const whole =
      converted === null ? [] : [`All of it: ${moneyWords(converted.available)} (a valuation, not an offer)`];
    const text = outcomeWords(`Available by currency, as of ${found.asOf}.`, [...lines, ...whole], facts);
    return { structured: { ...found, ...facts }, text };
  },
});

const rates = z.object({
  asOf: z.string(),
  unavailable: z.array(z.string()).describe('Pairs asked for that the provider does not publish.'),
  rates: z.array(
    z.object({
      base: z.string(),
      quote: z.string(),
      buy: z.string().nullable().describe('null: not reported.'),
      sell: z.string().nullable().describe('null: not reported.'),
      updatedAt: z.string().nullable(),
    }),
  ),
});

const ratesOperation = `query ExchangeRates($pairs: [CurrencyPairInput!]) {
  exchangeRates(pairs: $pairs) {
    rates: nodes { base quote buy sell updatedAt }
    unavailable asOf ${sourcesSelection}
  }
}`;

export const exchangeRates = defineTool({
  name: 'exchange_rates',
  title: 'Exchange rates',
  description:
    'Rates that UQPAY publishes, in units of quote for one unit of base. Name the pairs: there are many. They are indications, not offers. A price that is null was not reported.',
  scope: 'balances:read',
  input: z.strictObject({
    pairs: z
      .array(z.strictObject({ base: z.string(), quote: z.string() }))
      .max(20)
      .optional()
      .describe('At most 20; without them all that are published.'),
  }),
  output: rates.extend({ ...sourcesShape, ...problemsShape }),
  async answer({ pairs }, run) {
    const answer = await run({
      query: ratesOperation,
      operationName: 'ExchangeRates',
      variables: { pairs: pairs ?? null },
    });
    const data = dataOf(answer, 'exchangeRates');
    const facts = sourcesFacts(data, errorLines(answer));
    const found = rates.parse(data);
    const lines = found.rates.map(
      ({ base, quote, buy, sell }) =>
        `${base}/${quote}: buy ${buy ?? 'not reported'}, sell ${sell ?? 'not reported'}`,
    );
    const missing = found.unavailable.map((pair) => `${pair}: not published`);
    const text = outcomeWords(`Rates, read at ${found.asOf}.`, [...lines, ...missing], facts);
    return { structured: { ...found, ...facts }, text };
  },
});
