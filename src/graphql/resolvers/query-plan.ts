import { wantedAccounts } from '../../data/accounts/wanted-accounts.ts';
import { toSearch } from '../../data/transactions/transactions-by-provider-id.ts';
import { grantedAccounts, mayRead } from '../../domain/caller.ts';
import type { Account } from '../../domain/model.ts';
import { type Ledger, ledgers, type ProviderCode, providerCodes } from '../../domain/vocabulary.ts';
import type {
  QueryAccountArgs,
  QueryAccountsArgs,
  QueryBalanceArgs,
  QueryBalancesArgs,
  QueryBalanceTotalsArgs,
  QueryExchangeRatesArgs,
  QueryNodeArgs,
  QueryNodesArgs,
  QueryTransactionArgs,
  QueryTransactionByProviderIdArgs,
  QueryTransactionsArgs,
} from '../../generated/resolvers.ts';
import { idCountMax, parseAccountOf, parseId, parseIdOf } from '../ids.ts';
import { hasCursor, isBackward } from '../input/connection-arguments.ts';
import { toBalanceFilter, toSelection } from '../input/filters.ts';
import { toProviderTransactionKey } from '../input/provider-transaction-key.ts';
import { groupsOf } from '../plan/account-group.ts';
import {
  type FieldPlans,
  may,
  type PlannedObjects,
  type Planning,
  planAccounts,
  planTransactions,
  requestedSize,
  unlessRefused,
} from '../plan/planning.ts';
import { rowsOf, type SelectedField } from '../plan/selection.ts';
import { planAccountPage } from './account-plan.ts';
import { planActivity } from './activity-plan.ts';
import { planBalancePage } from './balance-page-plan.ts';
import { planIds, planOneTransaction } from './id-plan.ts';
import { isRepresentation, representedId } from './represented-id.ts';
import { planRates, planTotals } from './totals-plan.ts';
import { planTransactionPage } from './transaction-page-plan.ts';

/** The objects at the root, known before anything is read. */
const atOnce: Omit<PlannedObjects, 'accounts'> = { after: [], isInList: false, isCertain: true };

/** What the root fields cost upstream. */
export const queryPlans: FieldPlans['Query'] = {
  accounts: planAccountList,

  balances(field, _parent, planning) {
    const args = field.args<QueryBalancesArgs>();
    const { context } = planning;
    const filter = unlessRefused(planning, () => toBalanceFilter(null, args.filter, context));
    if (filter === null || requestedSize(args) === null || !may('balances:read', planning)) return;
    const refs = wantedAccounts(filter, context.providers).map(({ ref }) => ref);
    // Rows of several accounts form one page; how many belong to which account is unknown.
    const isCertain = refs.length === 1;
    for (const accounts of groupsOf(refs, context.providers)) {
      planBalancePage({ ...atOnce, accounts, isCertain }, args, field, planning);
    }
  },

  balanceTotals(field, _parent, planning) {
    const args = field.args<QueryBalanceTotalsArgs>();
    const { context } = planning;
    const filter = unlessRefused(planning, () => toBalanceFilter(null, args.filter, context));
    if (filter === null || !may('balances:read', planning)) return;
    const refs = wantedAccounts(filter, context.providers).map(({ ref }) => ref);
    for (const accounts of groupsOf(refs, context.providers)) {
      planTotals({ ...atOnce, accounts }, args, field, planning);
    }
  },

  exchangeRates(field, _parent, planning) {
    const { provider, pairs } = field.args<QueryExchangeRatesArgs & { readonly provider: ProviderCode }>();
    if (pairs?.length === 0 || !may('balances:read', planning)) return;
    const site = { path: field.path, after: [], isCertain: true };
    planRates(planning.context.providers.get(provider), site, planning);
  },

  transactions(field, _parent, planning) {
    const args = field.args<QueryTransactionsArgs>();
    const { context } = planning;
    const selection = unlessRefused(planning, () =>
      toSelection({ account: null, balance: null }, args.filter, context),
    );
    if (selection === null || requestedSize(args) === null || !may('transactions:read', planning)) return;
    const isOne = selection.accounts.length === 1;
    for (const account of selection.accounts) {
      for (const accounts of groupsOf([account.ref], context.providers)) {
        const parent = { ...atOnce, accounts };
        planTransactionPage(parent, { ...selection, accounts: [account] }, args, field, planning, isOne);
      }
    }
  },

  activity: planActivity,

  account(field, _parent, planning) {
    const { id } = field.args<QueryAccountArgs>();
    planIds([unlessRefused(planning, () => parseIdOf('Account', 'id', id))], field, planning);
  },

  balance(field, _parent, planning) {
    const { provider, ledger, currency, accountId } = field.args<
      QueryBalanceArgs & { readonly provider: ProviderCode }
    >();
    const account = unlessRefused(planning, () => parseAccountOf(provider, accountId));
    // Without a ledger the provider's first one is read, and others only when that one is not conclusive.
    const asked = ledger ?? planning.context.providers.get(provider)?.balances.keys().next().value;
    if (account === null || asked === undefined) return;
    const key = { account, ledger: asked, currency, distinguishingId: null };
    planIds([{ type: 'Balance', key }], field, planning);
  },

  transaction(field, _parent, planning) {
    const { id } = field.args<QueryTransactionArgs>();
    planIds([unlessRefused(planning, () => parseIdOf('Transaction', 'id', id))], field, planning);
  },

  /**
   * Plans one call, or at least the first page of a list. Whether the row exists, and with it the selection on it, is
   * not certain.
   */
  transactionByProviderId(field, _parent, planning) {
    const args = field.args<Required<QueryTransactionByProviderIdArgs>>();
    const { context } = planning;
    const key = unlessRefused(planning, () => toProviderTransactionKey(args, context));
    if (key === null || !may('transactions:read', planning)) return;
    if (!mayRead(context.viewer.grants, key.account)) return;
    for (const accounts of groupsOf([key.account], context.providers)) {
      const parent = { ...atOnce, accounts };
      if (planOneTransaction(parent, key, field, planning)) continue;
      const selection = toSearch(key, [key.providerTransactionId]);
      const after = planTransactionPage(parent, selection, { first: 1 }, field, planning);
      const row = { ledgers: [key.ledger], currencies: null, onlyRow: key.providerTransactionId };
      const rows = { ...row, readAheadAfter: null, after, isCertain: false };
      planTransactions(field.below, { ...parent, ...rows }, planning);
    }
  },

  node(field, _parent, planning) {
    const { id } = field.args<QueryNodeArgs>();
    planIds([unlessRefused(planning, () => parseId('id', id))], field, planning);
  },

  nodes(field, _parent, planning) {
    const { ids } = field.args<QueryNodesArgs>();
    if (ids.length > idCountMax) return;
    const parsed = ids.map((id) => unlessRefused(planning, () => parseId('ids', id)));
    planIds(parsed, field, planning);
  },

  _entities(field, _parent, planning) {
    const { representations } = field.args<{ readonly representations: readonly unknown[] }>();
    // One invalid representation makes execution refuse them all.
    if (!representations.every(isRepresentation)) return;
    const ids = representations.map((representation) => representedId(representation, planning));
    planIds(ids, field, planning);
  },
};

/**
 * Plans a page of each provider's list of accounts and the selection on its rows, from the side where the page starts.
 */
function planAccountList(field: SelectedField, _parent: null, planning: Planning): void {
  const args = field.args<QueryAccountsArgs>();
  const size = requestedSize(args);
  if (size === null || !may('accounts:read', planning)) return;
  const { providers, lengths, viewer } = planning.context;
  const { providers: wanted, statuses } = args.filter ?? {};
  if (statuses?.length === 0) return;
  const asked = [...providers.values()]
    .filter(({ code }) => wanted?.includes(code) !== false)
    .sort((a, b) => providerCodes.indexOf(a.code) - providerCodes.indexOf(b.code));
  const listed = planning.listed.get(field.path);
  let { rows, rowsLeast } = size;
  for (const provider of isBackward(args) ? asked.reverse() : asked) {
    // A cursor may be refused as invalid before anything is read, so no call is certain.
    const site = { path: field.path, after: [], isCertain: listed !== undefined || !hasCursor(args) };
    const granted = grantedAccounts(viewer.grants, provider.code);
    const seesConnected = granted === 'ALL' || granted.some((ref) => ref.providerAccountId !== null);
    const after = seesConnected ? planAccountPage(provider, site, planning) : [];
    const seen = provider.accounts.hasConnected === false ? 1 : lengths.accountCountOf(provider.code);
    const most = Math.min(seen ?? rows, granted === 'ALL' ? rows : granted.length);
    const own = listed?.filter(({ ref }) => ref.provider === provider.code);
    const count = own?.length ?? Math.min(rows, most);
    const countLeast = own?.length ?? Math.min(rowsLeast, most);
    const list = JSON.stringify([provider.code, args.filter, args.after, args.before, isBackward(args)]);
    const accounts = {
      provider,
      list,
      count,
      countLeast,
      ...(own && { countsByLedger: countByLedger(own) }),
    };
    for (const below of rowsOf(field.below, 'Account')) {
      planAccounts(below, { accounts, after, isInList: true, isCertain: true }, planning);
    }
    rows -= count;
    rowsLeast -= countLeast;
  }
}

/** How many accounts have each ledger; one whose ledgers are unknown is asked for all. */
function countByLedger(accounts: readonly Account[]): ReadonlyMap<Ledger, number> {
  return new Map(
    ledgers.map((ledger) => [
      ledger,
      accounts.filter((own) => own.ledgers?.includes(ledger) !== false).length,
    ]),
  );
}
