import type { RandomWords } from '../../shared/random.ts';

/** Digits after the point, and roughly how many units make one dollar. */
const currencies: Readonly<Record<string, { readonly scale: number; readonly perDollar: number }>> = {
  USD: { scale: 2, perDollar: 1 },
  EUR: { scale: 2, perDollar: 0.9 },
  GBP: { scale: 2, perDollar: 0.8 },
  SGD: { scale: 2, perDollar: 1.3 },
  HKD: { scale: 2, perDollar: 7.8 },
  CNY: { scale: 2, perDollar: 7.1 },
  JPY: { scale: 0, perDollar: 150 },
  AUD: { scale: 2, perDollar: 1.5 },
  CAD: { scale: 2, perDollar: 1.4 },
  CHF: { scale: 2, perDollar: 0.9 },
  KWD: { scale: 3, perDollar: 0.3 },
  THB: { scale: 2, perDollar: 35 },
};

function currencyFacts(currency: string) {
  return currencies[currency] ?? { scale: 2, perDollar: 1 };
}

/**
 * A random number of minor units worth between the two dollar amounts; small amounts are more likely than large ones.
 */
export function randomMinor(
  random: RandomWords,
  currency: string,
  dollarsMin: number,
  dollarsMax: number,
): number {
  const { scale, perDollar } = currencyFacts(currency);
  const dollars = dollarsMin * (dollarsMax / dollarsMin) ** random.fraction();
  return Math.max(1, Math.round(dollars * perDollar * 10 ** scale));
}

/** Minor units as decimal text: 123450 in USD is `1234.50`. */
export function formatMinor(minor: number, currency: string): string {
  const { scale } = currencyFacts(currency);
  const digits = String(Math.abs(minor)).padStart(scale + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
