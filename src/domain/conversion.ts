import type { ExchangeRate, RateSide } from './exchange-rate.ts';
import { add, type Fraction, invert, multiply, one, toFraction } from './fraction.ts';

/** How one currency is converted into another. */
export interface Conversion {
  /** Units of the target for one unit of the source. */
  readonly rate: Fraction;
  /** Whether a price was inverted, so that the rate may not terminate as a decimal. */
  readonly isInverted: boolean;
  /** The published pairs that it uses: none, one, or two through `via`. */
  readonly rates: readonly ExchangeRate[];
  /** The currency in between; null for a direct rate. */
  readonly via: string | null;
}

/** Finds the conversion from one currency to another; null if the published pairs do not connect them. */
export type FindConversion = (from: string, to: string) => Conversion | null;

/** The currency that most pairs have in common. */
const between = 'USD';
const half: Fraction = { numerator: 1n, denominator: 2n };
const sameCurrency: Conversion = { rate: one, isInverted: false, rates: [], via: null };

/**
 * Finds conversions over published pairs: the pair itself, else its inverse, else two steps through the dollar, each of
 * them direct or inverse. A pair without the price of this side is not used.
 */
export function createConversions(rates: readonly ExchangeRate[], side: RateSide): FindConversion {
  const pairs = new Map(rates.map((rate) => [pairText(rate.base, rate.quote), rate]));

  function findStep(from: string, to: string): Conversion | null {
    const direct = pairs.get(pairText(from, to));
    const price = direct === undefined ? null : priceOf(direct, side);
    if (direct !== undefined && price !== null) {
      return { rate: price, isInverted: false, rates: [direct], via: null };
    }
    const inverse = pairs.get(pairText(to, from));
    const inversePrice = inverse === undefined ? null : priceOf(inverse, side);
    if (inverse === undefined || inversePrice === null) return null;
    return { rate: invert(inversePrice), isInverted: true, rates: [inverse], via: null };
  }

  return (from, to) => {
    if (from === to) return sameCurrency;
    const step = findStep(from, to);
    if (step !== null || from === between || to === between) return step;
    const first = findStep(from, between);
    const second = findStep(between, to);
    if (first === null || second === null) return null;
    return {
      rate: multiply(first.rate, second.rate),
      isInverted: first.isInverted || second.isInverted,
      rates: [...first.rates, ...second.rates],
      via: between,
    };
  };
}

/** The price of one unit of the base; null if the provider does not publish what the side needs. */
function priceOf({ buy, sell }: ExchangeRate, side: RateSide): Fraction | null {
  if (side === 'BUY') return buy === null ? null : toFraction(buy);
  if (side === 'SELL') return sell === null ? null : toFraction(sell);
  return buy === null || sell === null ? null : multiply(half, add(toFraction(buy), toFraction(sell)));
}

function pairText(base: string, quote: string): string {
  return JSON.stringify([base, quote]);
}
