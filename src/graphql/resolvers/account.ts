import { encodeAccountId } from '../../domain/global-id.ts';
import type { AccountResolvers } from '../../generated/resolvers.ts';
import { parsePageArguments } from '../input/connection-arguments.ts';
import { toBalanceFilter, toSelection } from '../input/filters.ts';
import { reportSources } from '../partial.ts';
import { pageLookingAhead } from '../reads/look-ahead.ts';
import { providerOf } from './provider.ts';
import { referencedAccount } from './references.ts';
import { toWantedConversion } from './totals.ts';

/** Fields of an account that are not its plain properties. */
export const Account: AccountResolvers = {
  __resolveReference: referencedAccount,
  id: ({ ref }) => encodeAccountId(ref),
  provider: ({ ref }, _args, context) => providerOf(ref, context),
  providerCode: ({ ref }) => ref.provider,
  isMaster: ({ ref }) => ref.providerAccountId === null,
  displayName: ({ ref, name, providerAccountId }, _args, context) =>
    // A provider may send a name that is only blanks.
    name?.trim() ||
    (ref.providerAccountId === null ? `${providerOf(ref, context).name} master account` : providerAccountId),

  async balances({ ref, ledgers }, { filter, ...args }, context, info) {
    const pageArguments = parsePageArguments(args, info);
    const page = await context.reads.balancePage(
      toBalanceFilter({ ref, ledgers }, filter, context),
      pageArguments,
    );
    return reportSources(page, context, info);
  },

  async balanceTotals({ ref, ledgers }, { filter, ...conversion }, context, info) {
    const balanceFilter = toBalanceFilter({ ref, ledgers }, filter, context);
    const totals = await context.reads.balanceTotals(balanceFilter, toWantedConversion(conversion));
    return reportSources(totals, context, info);
  },

  balance({ ref, ledgers }, { ledger, currency }, { reads }) {
    if (ledgers !== null && !ledgers.includes(ledger)) return null;
    return reads.balances.one({ account: ref, ledger, currency, distinguishingId: null });
  },

  async transactions({ ref, ledgers }, { filter, ...args }, context, info) {
    const pageArguments = parsePageArguments(args, info);
    const selection = toSelection({ account: { ref, ledgers }, balance: null }, filter, context);
    const read = context.paginator.page(selection, pageArguments, context.read);
    const page = await pageLookingAhead(selection, read, context, info);
    return reportSources(page, context, info);
  },
};
