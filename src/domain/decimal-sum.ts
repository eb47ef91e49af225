import { type DecimalText, fromUnits, toUnits } from './decimal.ts';

/** An exact sum of decimals, with as many decimal places as the longest of them; `0` while nothing was added. */
export class DecimalSum {
  private units = 0n;
  private decimals = 0;

  add(amount: DecimalText): void {
    const { units, decimals } = toUnits(amount);
    const most = Math.max(decimals, this.decimals);
    this.units = scaled(this.units, most - this.decimals) + scaled(units, most - decimals);
    this.decimals = most;
  }

  get text(): DecimalText {
    return fromUnits({ units: this.units, decimals: this.decimals });
  }
}

/** Exactly `a` plus `b`. */
export function addDecimals(a: DecimalText, b: DecimalText): DecimalText {
  const sum = new DecimalSum();
  sum.add(a);
  sum.add(b);
  return sum.text;
}

/** Exactly `a` minus `b`. */
export function subtractDecimals(a: DecimalText, b: DecimalText): DecimalText {
  return addDecimals(a, negateDecimal(b));
}

/** The same amount with the opposite sign; zero has none. */
export function negateDecimal(amount: DecimalText): DecimalText {
  const { units, decimals } = toUnits(amount);
  return fromUnits({ units: -units, decimals });
}

/** The amount without its sign. */
export function absoluteDecimal(amount: DecimalText): DecimalText {
  return amount.replace(/^-/, '') as DecimalText;
}

/** Negative if `a` is less than `b`, 0 if they are the same number, however they are written. */
export function compareDecimals(a: DecimalText, b: DecimalText): number {
  const { units } = toUnits(subtractDecimals(a, b));
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

function scaled(units: bigint, decimals: number): bigint {
  return decimals === 0 ? units : units * 10n ** BigInt(decimals);
}
