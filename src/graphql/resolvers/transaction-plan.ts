import { codesOf } from '../../ports/provider.ts';
import { type FieldPlans, may, planBalances } from '../plan/planning.ts';
import { planAccountLookUps } from './account-plan.ts';

/** What the fields of a transaction cost upstream. */
export const transactionPlans: FieldPlans['Transaction'] = {
  account(field, parent, planning) {
    planAccountLookUps({ ...parent, after: parent.readAheadAfter ?? parent.after }, field, planning);
  },

  balance(field, parent, planning) {
    if (!may('balances:read', planning)) return;
    const { accounts, ledgers, currencies, onlyRow } = parent;
    const codes = codesOf(accounts.provider);
    // Rows in one currency share its balance. Otherwise a page has several balances, and their list is read.
    const currency = currencies?.length === 1 ? currencies.map(codes.canonical) : null;
    const wanted = currency ?? (onlyRow === null ? null : [onlyRow]);
    const isCertain = parent.isCertain && ledgers.length === 1;
    const site = { path: field.path, after: parent.readAheadAfter ?? parent.after, isCertain };
    for (const ledger of ledgers) {
      const repository = accounts.provider.balances.get(ledger);
      if (repository === undefined) continue;
      const step = planning.calls.addBalances(accounts, repository, wanted, site);
      const rows = { ledgers: [ledger], rowsKey: 'of rows', rowsEach: 1, rowsLeastEach: 1 };
      planBalances(field.below, { ...parent, ...rows, after: [step], isCertain }, planning);
    }
  },
};
