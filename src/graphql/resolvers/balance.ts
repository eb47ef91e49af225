import { encodeBalanceId } from '../../domain/global-id.ts';
import { instantOfMs } from '../../domain/instant.ts';
import type { BalanceResolvers } from '../../generated/resolvers.ts';
import { bucketsOf } from '../input/activity-query.ts';
import { toBalanceHistoryQuery } from '../input/balance-history-query.ts';
import { parsePageArguments } from '../input/connection-arguments.ts';
import { toSelection } from '../input/filters.ts';
import { reportSources } from '../partial.ts';
import { pageLookingAhead } from '../reads/look-ahead.ts';
import { providerOf } from './provider.ts';
import { referencedBalance } from './references.ts';

/** Fields of a balance that are not its plain properties. */
export const Balance: BalanceResolvers = {
  __resolveReference: referencedBalance,
  id: (balance) => encodeBalanceId(balance),
  provider: ({ account }, _args, context) => providerOf(account, context),
  account: ({ account }, _args, { reads }) => reads.accounts.one(account),
  asOf: ({ asOfMs }) => instantOfMs(asOfMs),

  async history(balance, { during, bucket, timeZone }, context, info) {
    const query = toBalanceHistoryQuery(balance, during, context);
    const buckets = bucketsOf('during', query.span, bucket, timeZone);
    const history = await context.reads.balanceHistory(query, buckets);
    // Points known from stored readings remain even when rows could not be read.
    if (history !== null) reportSources(history, context, info);
    return history;
  },

  async statement(balance, { during }, context, info) {
    const statement = await context.reads.balanceStatement(toBalanceHistoryQuery(balance, during, context));
    return statement === null ? null : reportSources(statement, context, info);
  },

  async transactions(balance, { filter, ...args }, context, info) {
    const pageArguments = parsePageArguments(args, info);
    const selection = toSelection({ account: null, balance }, filter, context);
    const feed = context.providers.get(balance.account.provider)?.transactions.get(balance.ledger);
    if (feed === undefined) return null;
    // Rows that name a balance by currency alone do not say which of several such balances they changed.
    if (feed.movesBalanceBy === 'currency' && balance.distinguishingId !== null) return null;
    const read = context.paginator.page(selection, pageArguments, context.read);
    const page = await pageLookingAhead(selection, read, context, info);
    return reportSources(page, context, info);
  },
};
