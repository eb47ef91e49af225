import { wantedAccounts } from '../../data/wanted-accounts.ts';
import type { SubscriptionBalancesChangedArgs } from '../../generated/resolvers.ts';
import { toBalanceFilter } from '../filters.ts';
import { groupsOf } from '../plan/account-group.ts';
import { type FieldPlans, may, unlessRefused } from '../plan/planning.ts';
import { planBalancePage } from './balance-page-plan.ts';

/** The most that an event of each root field costs: that of the first event, when nobody else watches the list. */
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
};
