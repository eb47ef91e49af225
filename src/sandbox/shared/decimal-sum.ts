/**
 * The exact sum of decimals in plain notation, with as many digits after the point as the longest has. Throws
 * RangeError for text in another notation.
 */
export function addDecimals(...texts: readonly string[]): string {
  const scale = Math.max(...texts.map((text) => fractionOf(text).length));
  const sum = texts.reduce((total, text) => total + toUnits(text, scale), 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${sum < 0n ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`;
}

/** The decimal with its sign reversed. */
export function negated(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

function fractionOf(text: string): string {
  return text.split('.')[1] ?? '';
}

function toUnits(text: string, scale: number): bigint {
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') throw new RangeError(`${text} is no plain decimal`);
  const units = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -units : units;
}
