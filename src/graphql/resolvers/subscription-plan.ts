import { wantedAccounts } from '../../data/accounts/wanted-accounts.ts';
import type {
  SubscriptionBalancesChangedArgs,
  SubscriptionTransactionsChangedArgs,
} from '../../generated/resolvers.ts';
import { toBalanceFilter, toSelection } from '../input/filters.ts';
import { groupsOf } from '../plan/account-group.ts';
import { type FieldPlans, may, noSelection, unlessRefused } from '../plan/planning.ts';
import { planBalancePage } from './balance-page-plan.ts';
import { planTransactionPage } from './transaction-page-plan.ts';

/** The most that an event of each root field costs: that of the first event, when no other subscription watches the list. */
export const subscriptionPlans: FieldPlans['Subscription'] = {
  balancesChanged(field, _parent, planning) {
    const { filter } = field.args<Partial<SubscriptionBalancesChangedArgs>>();
    const { context } = planning;
    const balanceFilter = unlessRefused(planning, () => toBalanceFilter(null, filter, context));
    if (balanceFilter === null || !may('balances:read', planning)) return;
    const refs = wantedAccounts(balanceFilter, context.providers).map(({ ref }) => ref);
    const rows = field.below
      .of('BalancesChanged')
      .flatMap(({ name, below }) => (name === 'balances' ? [below] : []));
    const args = { filter: filter ?? null };
    for (const accounts of groupsOf(refs, context.providers)) {
      // How many rows belong to which account is unknown.
      const parent = { accounts, after: [], isInList: false, isCertain: true };
      planBalancePage(parent, args, field, planning, rows);
    }
  },

  /**
   * Plans the newest page of each list. The selection on its rows is limited event by event, because no row is
   * certain.
   */
  transactionsChanged(field, _parent, planning) {
    const { filter } = field.args<Partial<SubscriptionTransactionsChangedArgs>>();
    const { context } = planning;
    const scope = { account: null, balance: null };
    const selection = unlessRefused(planning, () => toSelection(scope, filter, context));
    if (selection === null || !may('transactions:read', planning)) return;
    for (const account of selection.accounts) {
      for (const accounts of groupsOf([account.ref], context.providers)) {
        const parent = { accounts, after: [], isInList: false, isCertain: true };
        const whole = { ...selection, accounts: [account] };
        planTransactionPage(parent, whole, {}, { ...field, below: noSelection }, planning);
      }
    }
  },
};
