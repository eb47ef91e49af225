import { Failure } from '../../domain/failure.ts';
import { instantOfMs } from '../../domain/instant.ts';
import type { BalancesChangedResolvers, SubscriptionResolvers } from '../../generated/resolvers.ts';
import type { BalancesChange, BalanceWatch } from '../../live/index.ts';
import { toBalanceFilter } from '../filters.ts';
import { refusalOfBalances } from '../guarded-reads.ts';

/** The root fields of subscriptions. */
export const Subscription: SubscriptionResolvers = {
  balancesChanged: {
    async subscribe(_root, { filter }, { live, viewer, providers, read }) {
      if (live === null) throw new Failure('BAD_USER_INPUT', 'This gateway serves no subscriptions.');
      const balanceFilter = toBalanceFilter(null, filter, { viewer, providers });
      const refusal = refusalOfBalances(balanceFilter, viewer);
      if (refusal !== null) throw refusal;
      return toEvents(await live.watchBalances(balanceFilter, providers, read.signal));
    },
    resolve: (change: BalancesChange) => change,
  },
};

/** Fields that have another name in an event than in the schema. */
export const BalancesChanged: BalancesChangedResolvers = {
  asOf: ({ asOfMs }) => instantOfMs(asOfMs),
};

/** Reads a change each time the next event is requested, and ends the watch when the consumer stops. */
function toEvents(watch: BalanceWatch): AsyncIterable<BalancesChange> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const value = await watch.next();
        return value === null ? { done: true, value: undefined } : { done: false, value };
      },
      async return() {
        watch.end();
        return { done: true, value: undefined };
      },
    }),
  };
}
