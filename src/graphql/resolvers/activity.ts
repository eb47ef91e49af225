import type { DecimalText } from '../../domain/decimal.ts';
import type { Money } from '../../domain/model.ts';
import type { ActivityPointResolvers } from '../../generated/resolvers.ts';

/** The sums of a point, in its currency. */
export const ActivityPoint: ActivityPointResolvers = {
  credits: ({ credits, currency }) => toMoney(credits, currency),
  debits: ({ debits, currency }) => toMoney(debits, currency),
  net: ({ net, currency }) => toMoney(net, currency),
};

function toMoney(amount: DecimalText | null, currency: string): Money | null {
  return amount === null ? null : { amount, currency };
}
