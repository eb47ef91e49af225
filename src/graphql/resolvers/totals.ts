import type { WantedConversion } from '../../data/totals/balance-totals.ts';
import type { RateSide } from '../../domain/exchange-rate.ts';
import { Failure } from '../../domain/failure.ts';
import type { BalanceTotalsResolvers } from '../../generated/resolvers.ts';

/** Fields that have another name in totals than in the schema. Sums, lines and rates are plain properties. */
export const BalanceTotals: BalanceTotalsResolvers = {
  // Thrown here, so that the error's path points to the missing sums.
  converted({ converted }) {
    if (converted instanceof Failure) throw converted;
    return converted;
  },
  sources: ({ sources, ratesSource }) => (ratesSource === null ? sources : [...sources, ratesSource]),
};

/** The conversion that the arguments ask for; null without `convertTo`. */
export function toWantedConversion({
  convertTo,
  rateSide,
}: {
  readonly convertTo?: string | null | undefined;
  readonly rateSide: RateSide;
}): WantedConversion | null {
  return convertTo == null ? null : { currency: convertTo, side: rateSide };
}
