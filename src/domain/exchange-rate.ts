import type { DecimalText } from './decimal.ts';
import type { Instant } from './instant.ts';
import type { ProviderCode } from './vocabulary.ts';

/** Which price of a pair a conversion uses: one of the provider's two, or their middle. */
export const rateSides = ['MID', 'BUY', 'SELL'] as const;
export type RateSide = (typeof rateSides)[number];

/** A pair of currencies and its prices, as a provider publishes them. */
export interface ExchangeRate {
  readonly provider: ProviderCode;
  /** The currency that is priced, one unit at a time. */
  readonly base: string;
  /** The currency of the prices. */
  readonly quote: string;
  /** Above zero; null if the provider publishes none. */
  readonly buy: DecimalText | null;
  /** Above zero; null if the provider publishes none. */
  readonly sell: DecimalText | null;
  readonly updatedAt: Instant | null;
}

/** The rates that a provider publishes at one time. */
export interface ExchangeRates {
  /** Sorted by base, then quote; each pair once. */
  readonly rates: readonly ExchangeRate[];
  /** When the provider last changed them; null if it does not say. */
  readonly updatedAt: Instant | null;
}
