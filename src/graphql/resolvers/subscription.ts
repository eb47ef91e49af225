import { Failure } from '../../domain/failure.ts';
import { instantOfMs } from '../../domain/instant.ts';
import type { BalancesChangedResolvers, SubscriptionResolvers } from '../../generated/resolvers.ts';
import type { BalancesChange, TransactionsChange, Watch } from '../../live/index.ts';
import { toBalanceFilter, toSelection } from '../input/filters.ts';
import { refusalOfBalances, refusalOfTransactions } from '../reads/guarded-reads.ts';

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
  transactionsChanged: {
    async subscribe(_root, { filter, since }, context) {
      const { live, viewer, providers, read } = context;
      if (live === null) throw new Failure('BAD_USER_INPUT', 'This gateway serves no subscriptions.');
      const selection = toSelection({ account: null, balance: null }, filter, { viewer, providers });
      const refusal = refusalOfTransactions(selection, viewer);
      if (refusal !== null) throw refusal;
      const wanted = { selection, since: since ?? null, providers, openRead: context.renewed };
      return toEvents(await live.watchTransactions(wanted, read.signal));
    },
    resolve: (change: TransactionsChange) => change,
  },
};

/** Fields that have another name in an event than in the schema. */
export const BalancesChanged: BalancesChangedResolvers = {
  asOf: ({ asOfMs }) => instantOfMs(asOfMs),
};

/** Reads a change each time the next event is requested, and ends the watch when the consumer stops. */
function toEvents<Change>(watch: Watch<Change>): AsyncIterable<Change> {
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
