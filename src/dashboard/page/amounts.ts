/** An amount as the gateway sends it: exact decimal text and its currency. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

const formats = new Map<number, Intl.NumberFormat>();

/** A decimal text with all its digits, grouped according to the viewer's language. */
export function groupDigits(decimal: string): string {
  const decimals = decimal.split('.')[1]?.length ?? 0;
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat(undefined, {
      numberingSystem: 'latn',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(decimals, format);
  }
  // Formatted from text, so it does not pass through a binary float.
  return format.format(decimal as Intl.StringNumericLiteral);
}

/** For example `1,234.50 USD`; a dash for an amount that was not reported. */
export function moneyText(money: Money | null): string {
  return money === null ? notReported : `${groupDigits(money.amount)} ${money.currency}`;
}

export const notReported = '\u2013';

/** The sign of an amount. */
export function signOf(money: Money | null): 'in' | 'out' | 'none' {
  if (money === null || !/[1-9]/.test(money.amount)) return 'none';
  return money.amount.startsWith('-') ? 'out' : 'in';
}
