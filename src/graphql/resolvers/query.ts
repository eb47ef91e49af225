import { findWithoutLedger } from '../../data/transactions/unnamed-ledger.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';
import { checkIdCount, findById, type NodeObject, parseAccountOf, parseId, parseIdOf } from '../ids.ts';
import { toActivityQuery } from '../input/activity-query.ts';
import { badInput } from '../input/bad-input.ts';
import { parsePageArguments } from '../input/connection-arguments.ts';
import { toAccountFilter, toBalanceFilter, toSelection } from '../input/filters.ts';
import { toProviderTransactionKey } from '../input/provider-transaction-key.ts';
import { reportSources } from '../partial.ts';
import { requestedSize } from '../plan/planning.ts';
import { pageLookingAhead } from '../reads/look-ahead.ts';
import { toWantedConversion } from './totals.ts';

/** The root fields. */
export const Query: QueryResolvers = {
  viewer: (_root, _args, { viewer }) => viewer,

  node: (_root, { id }, context) => findById(parseId('id', id), context),

  nodes(_root, { ids }, context) {
    checkIdCount('ids', ids);
    // One promise for each id: a bad id becomes null with an error, and the others are still answered. The generated
    // type has no promise of a missing member, although the schema allows one.
    return ids.map(
      async (id, idIndex) => findById(parseId(`ids[${idIndex}]`, id), context) as Promise<NodeObject>,
    );
  },

  providers: (_root, _args, { providers }) => [...providers.values()],

  explain(_root, args, context) {
    const { explainer } = context;
    // Planning runs resolvers without an explainer, so a nested `explain` costs nothing.
    if (explainer === undefined) throw badInput('document', 'must not be explained within a plan.');
    return explainer(args, context);
  },

  async accounts(_root, { filter, ...args }, context, info) {
    const pageArguments = parsePageArguments(args, info);
    const page = await context.reads.accountPage(toAccountFilter(filter, context), pageArguments);
    const size = requestedSize(args);
    // A plan that assumed as many accounts need not be made again.
    if (size !== null && page.rows.length > size.rowsLeast) {
      context.checkListed?.(String(info.path.key), page.rows);
    }
    return reportSources(page, context, info);
  },

  account: (_root, { id }, { reads }) => reads.accounts.one(parseIdOf('Account', 'id', id).account),

  async balances(_root, { filter, ...args }, context, info) {
    const pageArguments = parsePageArguments(args, info);
    const page = await context.reads.balancePage(toBalanceFilter(null, filter, context), pageArguments);
    return reportSources(page, context, info);
  },

  async balanceTotals(_root, { filter, ...conversion }, context, info) {
    const balanceFilter = toBalanceFilter(null, filter, context);
    const totals = await context.reads.balanceTotals(balanceFilter, toWantedConversion(conversion));
    return reportSources(totals, context, info);
  },

  async exchangeRates(_root, { provider, pairs }, context, info) {
    const connected = context.providers.get(provider);
    if (connected !== undefined && connected.exchangeRates === undefined) {
      throw badInput('provider', `must be a provider that publishes exchange rates; ${provider} does not.`);
    }
    const list = await context.reads.exchangeRates(provider, pairs ?? null);
    return list && reportSources(list, context, info);
  },

  balance(_root, { provider, ledger, currency, accountId }, { providers, reads }) {
    const account = parseAccountOf(provider, accountId);
    if (ledger != null) return reads.balances.one({ account, ledger, currency, distinguishingId: null });
    const ledgers = [...(providers.get(provider)?.balances.keys() ?? [])];
    return findWithoutLedger({ account, currency }, ledgers, reads.balances.one);
  },

  async transactions(_root, { filter, ...args }, context, info) {
    const pageArguments = parsePageArguments(args, info);
    const selection = toSelection({ account: null, balance: null }, filter, context);
    const read = context.paginator.page(selection, pageArguments, context.read);
    const page = await pageLookingAhead(selection, read, context, info);
    return reportSources(page, context, info);
  },

  async activity(_root, args, context, info) {
    const series = await context.reads.activity(toActivityQuery(args, context));
    return reportSources(series, context, info);
  },

  transactionByProviderId(_root, args, context) {
    const key = toProviderTransactionKey(args, context);
    return key === null ? null : context.reads.transactionByProviderId(key);
  },

  transaction: (_root, { id }, { reads }) => reads.transactions.one(parseIdOf('Transaction', 'id', id).key),
};
