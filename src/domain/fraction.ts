import { type DecimalText, fromUnits, toUnits } from './decimal.ts';

/**
 * An exact rational number. An inverted price (1 / 1.3487) does not terminate as a decimal; as a fraction it loses
 * nothing until the sum is rounded, once.
 */
export interface Fraction {
  readonly numerator: bigint;
  /** Always positive. */
  readonly denominator: bigint;
}

export const zero: Fraction = { numerator: 0n, denominator: 1n };
export const one: Fraction = { numerator: 1n, denominator: 1n };

/** The value of a decimal. */
export function toFraction(decimal: DecimalText): Fraction {
  const { units, decimals } = toUnits(decimal);
  return { numerator: units, denominator: 10n ** BigInt(decimals) };
}

export function add(a: Fraction, b: Fraction): Fraction {
  const { denominator } = a;
  if (denominator === b.denominator) return { numerator: a.numerator + b.numerator, denominator };
  return reduce({
    numerator: a.numerator * b.denominator + b.numerator * denominator,
    denominator: denominator * b.denominator,
  });
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return reduce({
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  });
}

/** 1 / `a`. Throws RangeError for zero. */
export function invert({ numerator, denominator }: Fraction): Fraction {
  if (numerator === 0n) throw new RangeError('Zero has no inverse.');
  return numerator < 0n
    ? { numerator: -denominator, denominator: -numerator }
    : { numerator: denominator, denominator: numerator };
}

/** Rounds to `decimals` digits after the point (before it where negative); a tie goes to the even neighbour. */
export function roundHalfEven({ numerator, denominator }: Fraction, decimals: number): DecimalText {
  const scale = 10n ** BigInt(Math.abs(decimals));
  const dividend = decimals < 0 ? numerator : numerator * scale;
  const divisor = decimals < 0 ? denominator * scale : denominator;
  const units = divideHalfEven(dividend, divisor);
  return decimals < 0 ? fromUnits({ units: units * scale, decimals: 0 }) : fromUnits({ units, decimals });
}

/** Rounds to `digits` significant digits, half to even, without trailing zeros. Exact where fewer digits suffice. */
export function roundToSignificant(fraction: Fraction, digits: number): DecimalText {
  return withoutEndZeros(roundHalfEven(fraction, digits - 1 - magnitude(fraction)));
}

/** The exact decimal of a fraction, without trailing zeros; null if it does not terminate, such as 1/3. */
export function toExactDecimal(fraction: Fraction): DecimalText | null {
  const { numerator, denominator } = reduce(fraction);
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos += 1;
  for (; rest % 5n === 0n; rest /= 5n) fives += 1;
  if (rest !== 1n) return null;
  const decimals = Math.max(twos, fives);
  return fromUnits({ units: (numerator * 10n ** BigInt(decimals)) / denominator, decimals });
}

/** Power of ten of the first significant digit: 2 for 123, -3 for 0.00456; 0 for zero. */
export function magnitude({ numerator, denominator }: Fraction): number {
  if (numerator === 0n) return 0;
  const size = numerator < 0n ? -numerator : numerator;
  const power = String(size).length - String(denominator).length;
  const isAtLeast =
    power < 0 ? size * 10n ** BigInt(-power) >= denominator : size >= denominator * 10n ** BigInt(power);
  return isAtLeast ? power : power - 1;
}

/** Removes trailing zeros after the point. */
export function withoutEndZeros(decimal: DecimalText): DecimalText {
  return (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal) as DecimalText;
}

function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = remainder < 0n ? -2n * remainder : 2n * remainder;
  const isUp = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return isUp ? quotient + (dividend < 0n ? -1n : 1n) : quotient;
}

function reduce({ numerator, denominator }: Fraction): Fraction {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
