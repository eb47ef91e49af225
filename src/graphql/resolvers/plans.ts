import type { FieldPlans } from '../plan/planning.ts';
import { accountPlans } from './account-plan.ts';
import { balancePlans } from './balance-plan.ts';
import { queryPlans } from './query-plan.ts';
import { subscriptionPlans } from './subscription-plan.ts';
import { transactionPlans } from './transaction-plan.ts';

/** What each field costs upstream. A field without a plan costs nothing. */
export const fieldPlans: FieldPlans = {
  Query: queryPlans,
  Subscription: subscriptionPlans,
  Account: accountPlans,
  Balance: balancePlans,
  Transaction: transactionPlans,
};
