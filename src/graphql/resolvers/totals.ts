import type { WantedConversion } from '../../data/balance-totals.ts';
import type { RateSide } from '../../domain/exchange-rate.ts';
import { Failure } from '../../domain/failure.ts';
import type { BalanceTotalsResolvers } from '../../generated/resolvers.ts';

/** What a totals field does not call by the schema's names. Sums, lines and rates are plain properties. */
export const BalanceTotals: BalanceTotalsResolvers = {
  // Thrown here, so that the error stands where the sums are missing.
  converted({ converted }) {
    if (converted instanceof Failure) throw converted;
    return converted;
  },
  sources: ({ sources, ratesSource }) => (ratesSource === null ? sources : [...sources, ratesSource]),
};

/** What sums are to be converted to; null without `convertTo`. */
export function toWantedConversion({
  convertTo,
  rateSide,
}: {
  readonly convertTo?: string | null | undefined;
  readonly rateSide: RateSide;
}): WantedConversion | null {
  return convertTo == null ? null : { currency: convertTo, side: rateSide };
}
