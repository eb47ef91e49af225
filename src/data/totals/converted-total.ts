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

/** Sums of several currencies, converted to one. */
export interface ConvertedTotal {
  readonly currency: string;
  /** The sum of all lines, rounded once; null if a part is unknown or has no rate. */
  readonly available: Money | null;
  /** The sum of all lines, rounded once. */
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

/** Significant digits of a rate with an inverted price, and decimals of an amount that does not terminate. */
const digitsMax = 20;

/**
 * Converts sums and adds them up. Everything stays an exact fraction until the sum is rounded, half to even,
 * to the digits that ISO 4217 defines for the currency; without such digits, it is rounded to 20 decimals if
 * it has more.
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

/** Products and midpoints of decimals are decimals. */
function exact(fraction: Fraction): DecimalText {
  return toExactDecimal(fraction) ?? toLongDecimal(fraction);
}

/** At least 20 decimals and 20 significant digits, if there are that many. */
function toLongDecimal(fraction: Fraction): DecimalText {
  return withoutEndZeros(roundHalfEven(fraction, Math.max(digitsMax, digitsMax - 1 - magnitude(fraction))));
}

function roundTo(sum: Fraction, currency: string): DecimalText {
  const minorUnits = minorUnitsOf(currency);
  return minorUnits === null
    ? withoutEndZeros(roundHalfEven(sum, digitsMax))
    : roundHalfEven(sum, minorUnits);
}
