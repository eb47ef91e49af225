import type { Conversion, FindConversion } from '../../domain/conversion.ts';
import type { DecimalText } from '../../domain/decimal.ts';
import type { ExchangeRate } from '../../domain/exchange-rate.ts';
import {
  add,
  type Fraction,
  magnitude,
  multiply,
  roundHalfEven,
  roundToSignificant,
  toExactDecimal,
  toFraction,
  withoutEndZeros,
  zero,
} from '../../domain/fraction.ts';
import type { Instant } from '../../domain/instant.ts';
import { minorUnitsOf } from '../../domain/iso-4217.ts';
import type { Money } from '../../domain/model.ts';

/** Sums of several currencies in one. */
export interface ConvertedTotal {
  readonly currency: string;
  /** All lines, rounded once; null when a part of it is not known or has no rate. */
  readonly available: Money | null;
  /** All lines, rounded once. */
  readonly availableOfLines: Money;
  readonly lines: readonly ConversionLine[];
  readonly unconverted: readonly Money[];
  readonly ratesUpdatedAt: Instant | null;
}

/** How one sum was converted. */
export interface ConversionLine {
  readonly from: Money;
  readonly to: Money;
  readonly rate: DecimalText;
  readonly rates: readonly ExchangeRate[];
  readonly via: string | null;
}

/** Significant digits of a rate with a price that was turned round, and decimals of an amount that has no end. */
const digitsMax = 20;

/**
 * Converts sums and adds them up. Everything stays an exact fraction until the sum is rounded, half to even, to the digits
 * that ISO 4217 gives the currency; without such digits it is rounded to 20 decimals only where it has more.
 */
export function convertSums(
  sums: readonly Money[],
  currency: string,
  find: FindConversion,
  { isComplete, ratesUpdatedAt }: { readonly isComplete: boolean; readonly ratesUpdatedAt: Instant | null },
): ConvertedTotal {
  const lines: ConversionLine[] = [];
  const unconverted: Money[] = [];
  let sum: Fraction = zero;
  for (const from of sums) {
    const conversion = find(from.currency, currency);
    if (conversion === null) {
      unconverted.push(from);
      continue;
    }
    const amount = multiply(toFraction(from.amount), conversion.rate);
    sum = add(sum, amount);
    lines.push(toLine(from, amount, currency, conversion));
  }
  const availableOfLines = { amount: roundTo(sum, currency), currency };
  const available = isComplete && unconverted.length === 0 ? availableOfLines : null;
  return { currency, available, availableOfLines, lines, unconverted, ratesUpdatedAt };
}

function toLine(
  from: Money,
  amount: Fraction,
  currency: string,
  { rate, isInverted, rates, via }: Conversion,
): ConversionLine {
  const converted = isInverted ? toLongDecimal(amount) : exact(amount);
  const to = from.currency === currency ? from.amount : converted;
  const rateText = isInverted ? roundToSignificant(rate, digitsMax) : exact(rate);
  return { from, to: { amount: to, currency }, rate: rateText, rates, via };
}

/** Products and middles of decimals are decimals. */
function exact(fraction: Fraction): DecimalText {
  return toExactDecimal(fraction) ?? toLongDecimal(fraction);
}

/** At least 20 decimals and 20 significant digits, where there are as many. */
function toLongDecimal(fraction: Fraction): DecimalText {
  return withoutEndZeros(roundHalfEven(fraction, Math.max(digitsMax, digitsMax - 1 - magnitude(fraction))));
}

function roundTo(sum: Fraction, currency: string): DecimalText {
  const minorUnits = minorUnitsOf(currency);
  return minorUnits === null
    ? withoutEndZeros(roundHalfEven(sum, digitsMax))
    : roundHalfEven(sum, minorUnits);
}
