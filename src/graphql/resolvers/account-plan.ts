import type {
  AccountBalanceArgs,
  AccountBalancesArgs,
  AccountBalanceTotalsArgs,
  AccountTransactionsArgs,
} from '../../generated/resolvers.ts';
import { codesOf } from '../../ports/provider.ts';
import { parseAccountIds } from '../ids.ts';
import { toSelection } from '../input/filters.ts';
import { type AccountGroup, countOf, narrowedTo } from '../plan/account-group.ts';
import type { CallSite } from '../plan/call-plan.ts';
import {
  callSiteOf,
  checkPage,
  type FieldPlans,
  may,
  type PlannedAccounts,
  type Planning,
  planAccounts,
  planBalances,
  unlessRefused,
} from '../plan/planning.ts';
import type { SelectedField } from '../plan/selection.ts';
import { planBalancePage } from './balance-page-plan.ts';
import { planTotals } from './totals-plan.ts';
import { planTransactionPage } from './transaction-page-plan.ts';

/** What the fields of an account cost upstream. */
export const accountPlans: FieldPlans['Account'] = {
  balances(field, parent, planning) {
    const args = field.args<AccountBalancesArgs>();
    const wanted = balanceOwners(parent, args, planning);
    if (wanted !== null) planBalancePage(wanted, args, field, planning);
  },

  balanceTotals(field, parent, planning) {
    const args = field.args<AccountBalanceTotalsArgs>();
    const wanted = balanceOwners(parent, args, planning);
    if (wanted !== null && countOf(wanted.accounts) > 0) planTotals(wanted, args, field, planning);
  },

  balance(field, parent, planning) {
    const { ledger, currency } = field.args<AccountBalanceArgs>();
    const { accounts } = parent;
    const repository = accounts.provider.balances.get(ledger);
    if (repository === undefined || !may('balances:read', planning)) return;
    const currencies = [codesOf(accounts.provider).canonical(currency)];
    const step = planning.calls.addBalances(accounts, repository, currencies, callSiteOf(field, parent));
    const one = { ledgers: [ledger], rowsKey: currencies.join(), rowsEach: 1, rowsLeastEach: 1 };
    planBalances(field.below, { ...parent, ...one, after: [step] }, planning);
  },

  transactions(field, parent, planning) {
    if (!may('transactions:read', planning)) return;
    const args = field.args<AccountTransactionsArgs>();
    const { accountIds, ...filter } = args.filter ?? {};
    const { provider } = parent.accounts;
    // One account stands for all, because each has the same reads.
    const account = { ref: { provider: provider.code, providerAccountId: null }, ledgers: null };
    const read = () => {
      checkPage(args, planning);
      const selection = toSelection({ account, balance: null }, filter, planning.context);
      return { selection, accounts: narrowed(parent.accounts, accountIds) };
    };
    const asked = unlessRefused(planning, read, countOf(parent.accounts));
    if (asked === null) return;
    planTransactionPage({ ...parent, accounts: asked.accounts }, asked.selection, args, field, planning);
  },
};

/** The accounts whose lists of balances are read; null when the arguments are refused or exclude all. */
function balanceOwners(
  parent: PlannedAccounts,
  args: Pick<AccountBalancesArgs, 'filter' | 'first' | 'after' | 'last' | 'before'>,
  planning: Planning,
): PlannedAccounts | null {
  if (!may('balances:read', planning)) return null;
  const { accountIds, providers } = args.filter ?? {};
  const read = () => {
    checkPage(args, planning);
    return narrowed(parent.accounts, accountIds);
  };
  const accounts = unlessRefused(planning, read, countOf(parent.accounts));
  const isLeft = accounts !== null && providers?.includes(accounts.provider.code) !== false;
  return isLeft ? { ...parent, accounts } : null;
}

/** The accounts of a group that `accountIds` admits. */
function narrowed(accounts: AccountGroup, accountIds: readonly string[] | null | undefined): AccountGroup {
  const listed = parseAccountIds(accountIds);
  return listed === null ? accounts : narrowedTo(accounts, listed);
}

/**
 * Plans looking accounts up by reference, and the selection on them. The master account is known from the credentials,
 * and a list's accounts from that list, so neither needs a call.
 */
export function planAccountLookUps(parent: PlannedAccounts, field: SelectedField, planning: Planning): void {
  if (!may('accounts:read', planning)) return;
  const { accounts } = parent;
  if ('list' in accounts) {
    planAccounts(field.below, parent, planning);
    return;
  }
  const { provider, refs } = accounts;
  const masters = refs.filter((ref) => ref.providerAccountId === null);
  const others = refs.filter((ref) => ref.providerAccountId !== null);
  if (masters.length > 0) {
    planAccounts(field.below, { ...parent, accounts: { provider, refs: masters } }, planning);
  }
  if (others.length === 0 || provider.accounts.hasConnected === false) return;
  const ids = others.map(({ providerAccountId }) => providerAccountId ?? '');
  const after = planAccountsById(provider, ids, callSiteOf(field, parent), planning);
  planAccounts(field.below, { ...parent, accounts: { provider, refs: others }, after }, planning);
}

/** Plans accounts by provider identifier, which `data/accounts.ts` looks up. */
function planAccountsById(
  provider: AccountGroup['provider'],
  ids: readonly string[],
  site: CallSite,
  { calls, context }: Planning,
): PlannedAccounts['after'] {
  const { listRoute, oneRoute } = provider.accounts;
  if (listRoute === undefined) return site.after;
  const pageCount = context.lengths.pageCountOf(provider.code);
  // A list of one page answers for all accounts at once.
  const singlyBelow = pageCount === 1 ? 1 : Math.max(2, pageCount ?? 2);
  const source = {
    noun: 'account',
    ledger: null,
    listRoute,
    oneRoute,
    singlyBelow,
    isOfProvider: true,
  } as const;
  return [calls.addRows(ownListOf(provider), source, ids, site)];
}

/** Plans a page of a provider's list of accounts; all fields that need that page share the call. */
export function planAccountPage(
  provider: AccountGroup['provider'],
  site: CallSite,
  { calls }: Planning,
): PlannedAccounts['after'] {
  const { listRoute } = provider.accounts;
  if (listRoute === undefined) return site.after;
  const accounts = ownListOf(provider);
  const because = 'a page of the list of accounts';
  return [calls.add({ accounts, ledger: null, route: listRoute, mostEach: null, because }, site)];
}

/** The owner of a provider's list of accounts. */
function ownListOf(provider: AccountGroup['provider']): AccountGroup {
  return { provider, refs: [{ provider: provider.code, providerAccountId: null }] };
}
