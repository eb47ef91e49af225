import type { DecimalText } from './decimal.ts';
import type { Instant } from './instant.ts';
import type { ProviderCode } from './vocabulary.ts';

/** Which price of a pair a conversion uses: one of the provider's two, or their middle. */
export const rateSides = ['MID', 'BUY', 'SELL'] as const;
export type RateSide = (typeof rateSides)[number];

/** A pair of currencies and its prices, as a provider publishes them. */
export interface ExchangeRate {
  readonly provider: ProviderCode;
  /** The currency that one unit is of. */
  readonly base: string;
  /** The currency that prices are in. */
  readonly quote: string;
  /** Above zero; null where the provider gives none. */
  readonly buy: DecimalText | null;
  /** Above zero; null where the provider gives none. */
  readonly sell: DecimalText | null;
  readonly updatedAt: Instant | null;
}

/** The rates that a provider publishes at one time. */
export interface ExchangeRates {
  /** By base, then quote; each pair once. */
  readonly rates: readonly ExchangeRate[];
  /** When the provider last changed them; null where it does not say. */
  readonly updatedAt: Instant | null;
}
