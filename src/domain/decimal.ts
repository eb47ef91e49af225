/** Exact base-ten text in canonical form: `-?(0|[1-9][0-9]*)(\.[0-9]+)?`. Digits and trailing zeros are kept. */
export type DecimalText = string & { readonly __decimal: never };

const canonical = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const accepted = /^([+-]?)(\d*)(?:(\.)(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Most characters that an amount may expand to; `1e999999999` would otherwise exhaust the memory. */
const decimalDigitsMax = 1_000;

/** Whether `text` already is a canonical decimal, the only form accepted from callers. */
export function isDecimalText(text: string): text is DecimalText {
  return text.length <= decimalDigitsMax && canonical.test(text);
}

/**
 * Parses an amount as a provider wrote it (`+1`, `.5`, `5.`, `1.50e3`, `007.5`) and returns plain decimal text that
 * keeps every significant digit and trailing zero. Null when it is not a number or would have more than
 * `decimalDigitsMax` digits. Never converts to a binary float.
 */
export function parseDecimal(text: string): DecimalText | null {
  if (isDecimalText(text)) return text;
  if (text.length > decimalDigitsMax) return null;
  const match = accepted.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', , fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return null;
  if (exponentText.length > 6) return null;
  const shifted = shiftPoint(whole, fraction, Number(exponentText));
  return shifted === null ? null : ((sign === '-' ? `-${shifted}` : shifted) as DecimalText);
}

function shiftPoint(whole: string, fraction: string, exponent: number): string | null {
  if (whole.length + fraction.length + Math.abs(exponent) > decimalDigitsMax) return null;
  const digits = whole + fraction;
  const pointAt = whole.length + exponent;
  const left = pointAt <= 0 ? '' : digits.slice(0, pointAt).padEnd(pointAt, '0');
  const right = pointAt <= 0 ? '0'.repeat(-pointAt) + digits : digits.slice(pointAt);
  const integer = left.replace(/^0+(?=\d)/, '') || '0';
  return right === '' ? integer : `${integer}.${right}`;
}

/** Whether an amount is zero, however it is written: `0`, `-0.00`. */
export function isZero(amount: DecimalText): boolean {
  return /^-?[0.]+$/.test(amount);
}

/** A decimal as a whole number of its smallest unit: `-12.50` is -1250 with 2 decimals. */
export interface DecimalUnits {
  readonly units: bigint;
  /** Digits after the point, 0 or more. */
  readonly decimals: number;
}

/** Parts of a decimal, for arithmetic. */
export function toUnits(decimal: DecimalText): DecimalUnits {
  const pointAt = decimal.indexOf('.');
  if (pointAt === -1) return { units: BigInt(decimal), decimals: 0 };
  const digits = decimal.slice(0, pointAt) + decimal.slice(pointAt + 1);
  return { units: BigInt(digits), decimals: decimal.length - pointAt - 1 };
}

/** The decimal that units stand for, with exactly `decimals` digits after the point. Zero has no sign. */
export function fromUnits({ units, decimals }: DecimalUnits): DecimalText {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const pointAt = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, pointAt)}.${digits.slice(pointAt)}`;
  return (units < 0n ? `-${text}` : text) as DecimalText;
}
