// Checks conversions with the test's own integer arithmetic: prices are generated as ten-thousandths, amounts as
// units of 10^-20, and everything is brought to one denominator.
import { describe, expect, test } from '@jest/globals';
import { convertSums } from '../../../../src/data/totals/converted-total.ts';
import { createConversions } from '../../../../src/domain/conversion.ts';
import type { DecimalText } from '../../../../src/domain/decimal.ts';
import type { ExchangeRate, RateSide } from '../../../../src/domain/exchange-rate.ts';
import { rateSides } from '../../../../src/domain/exchange-rate.ts';
import fc from '../../../support/fast-check.ts';

interface DrawnRate {
  readonly base: string;
  readonly quote: string;
  /** Ten-thousandths. */
  readonly buy: bigint;
  readonly sell: bigint;
}

/** A ratio of integers. */
interface Ratio {
  readonly over: bigint;
  readonly under: bigint;
}

const currencies = ['USD', 'SGD', 'EUR', 'JPY', 'KWD', 'BTX'];
const digitsOf: Readonly<Record<string, number>> = { USD: 2, SGD: 2, EUR: 2, JPY: 0, KWD: 3 };

const price = fc.bigInt({ min: 1n, max: 10n ** 9n });
const drawnRates = fc.uniqueArray(
  fc.record({
    base: fc.constantFrom(...currencies),
    quote: fc.constantFrom(...currencies),
    buy: price,
    sell: price,
  }),
  { selector: ({ base, quote }) => base + quote, maxLength: 12 },
);
/** Units of 10^-20. */
const drawnSums = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...currencies), fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n })),
  { selector: ([currency]) => currency },
);

const written = (units: bigint, decimals: number) => {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` as DecimalText;
};

const published = ({ base, quote, buy, sell }: DrawnRate): ExchangeRate => ({
  ...{ provider: 'UQPAY', base, quote, updatedAt: null },
  ...{ buy: written(buy, 4), sell: written(sell, 4) },
});

/** The price in twenty-thousandths. */
function priceOf({ buy, sell }: DrawnRate, side: RateSide): bigint {
  return { BUY: 2n * buy, SELL: 2n * sell, MID: buy + sell }[side];
}

/** The rules, implemented a second time. */
function ratioOf(rates: readonly DrawnRate[], from: string, to: string, side: RateSide): Ratio | null {
  const pair = (base: string, quote: string) =>
    rates.find((rate) => rate.base === base && rate.quote === quote);
  const step = (a: string, b: string): Ratio | null => {
    const [direct, inverse] = [pair(a, b), pair(b, a)];
    if (direct !== undefined) return { over: priceOf(direct, side), under: 20_000n };
    return inverse === undefined ? null : { over: 20_000n, under: priceOf(inverse, side) };
  };
  if (from === to) return { over: 1n, under: 1n };
  const direct = step(from, to);
  if (direct !== null || from === 'USD' || to === 'USD') return direct;
  const [first, second] = [step(from, 'USD'), step('USD', to)];
  if (first === null || second === null) return null;
  return { over: first.over * second.over, under: first.under * second.under };
}

/** Whether a decimal equals the ratio to `digits` significant digits, within one unit of the next. */
function isNear(text: string, { over, under }: Ratio, digits: number): boolean {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction) * (text.startsWith('-') ? -1n : 1n);
  const off = units * under - over * 10n ** BigInt(fraction.length);
  const size = (over < 0n ? -over : over) * 10n ** BigInt(fraction.length);
  return (off < 0n ? -off : off) * 10n ** BigInt(digits - 1) <= size;
}

describe('converted sums', () => {
  test('match integer arithmetic, rounded once, half to even', () => {
    fc.assert(
      fc.property(
        drawnRates,
        drawnSums,
        fc.constantFrom(...currencies),
        fc.constantFrom(...rateSides),
        (rates, sums, target, side) => {
          const find = createConversions(rates.map(published), side);
          const money = sums.map(([currency, units]) => ({ amount: written(units, 20), currency }));
          const total = convertSums(money, target, find, { isComplete: true, ratesUpdatedAt: null });

          let sum: Ratio = { over: 0n, under: 1n };
          const left: string[] = [];
          for (const [index, [currency, units]] of sums.entries()) {
            const ratio = ratioOf(rates, currency, target, side);
            if (ratio === null) {
              left.push(currency);
              continue;
            }
            const part = { over: units * ratio.over, under: 10n ** 20n * ratio.under };
            sum = { over: sum.over * part.under + part.over * sum.under, under: sum.under * part.under };
            const line = total.lines.find(({ from }) => from.currency === currency);
            expect(line?.from).toEqual(money[index]);
            expect(isNear(line?.rate ?? '', ratio, 20)).toBe(true);
            expect(isNear(line?.to.amount ?? '', part, 19)).toBe(true);
          }
          expect(total.unconverted.map(({ currency }) => currency)).toEqual(left);
          expect(total.lines).toHaveLength(sums.length - left.length);
          expect(total.available).toEqual(left.length === 0 ? total.availableOfLines : null);

          const text = total.availableOfLines.amount;
          const decimals = digitsOf[target] ?? 20;
          const fraction = text.split('.')[1] ?? '';
          if (target in digitsOf) expect(fraction).toHaveLength(decimals);
          else expect(fraction.length).toBeLessThanOrEqual(20);
          const units = BigInt(text.replace('.', '')) * 10n ** BigInt(decimals - fraction.length);
          const off = units * sum.under - sum.over * 10n ** BigInt(decimals);
          const twiceOff = 2n * (off < 0n ? -off : off);
          expect(twiceOff <= sum.under).toBe(true);
          if (twiceOff === sum.under) expect(units % 2n).toBe(0n);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('at direct prices have every digit in their lines', () => {
    const rates: DrawnRate[] = [{ base: 'USD', quote: 'SGD', buy: 13_500n, sell: 13_401n }];
    const find = createConversions(rates.map(published), 'MID');
    const sums = [{ amount: '12345678901234567890.12345678901234567891' as DecimalText, currency: 'USD' }];
    const { lines, availableOfLines } = convertSums(sums, 'SGD', find, {
      isComplete: true,
      ratesUpdatedAt: null,
    });
    expect(lines[0]?.rate).toBe('1.34505');
    expect(BigInt((lines[0]?.to.amount ?? '').replace('.', ''))).toBe(
      1234567890123456789012345678901234567891n * 134505n,
    );
    expect(availableOfLines.amount).toBe('16605555406105555540.61');
  });
});
