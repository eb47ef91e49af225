import { accountText } from '../../data/keys.ts';
import { mayRead } from '../../domain/caller.ts';
import type { BalanceKey, GlobalId, TransactionKey } from '../../domain/global-id.ts';
import type { AccountRef } from '../../domain/model.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import { codesOf } from '../../ports/provider.ts';
import { groupsOf } from '../plan/account-group.ts';
import {
  callSiteOf,
  may,
  type PlannedObjects,
  type Planning,
  planBalances,
  planTransactions,
} from '../plan/planning.ts';
import type { SelectedField } from '../plan/selection.ts';
import { planAccountLookUps } from './account-plan.ts';

/** Plans looking up the objects of ids, as the loaders do. An id of nothing costs nothing. */
export function planIds(ids: readonly (GlobalId | null)[], field: SelectedField, planning: Planning): void {
  const { viewer, providers } = planning.context;
  const accounts: AccountRef[] = [];
  const balances: BalanceKey[] = [];
  const transactions: TransactionKey[] = [];
  for (const id of ids) {
    if (id === null || !mayRead(viewer.grants, id.type === 'Account' ? id.account : id.key.account)) continue;
    if (id.type === 'Account') accounts.push(id.account);
    else if (id.type === 'Balance') balances.push(id.key);
    else transactions.push(id.key);
  }
  const isInList = ids.length > 1;
  for (const group of groupsOf(accounts, providers)) {
    planAccountLookUps({ accounts: group, after: [], isInList, isCertain: true }, field, planning);
  }
  if (may('balances:read', planning)) planBalanceIds(balances, isInList, field, planning);
  if (may('transactions:read', planning)) planTransactionIds(transactions, isInList, field, planning);
}

function planBalanceIds(
  keys: readonly BalanceKey[],
  isInList: boolean,
  field: SelectedField,
  planning: Planning,
): void {
  const byLedger = Map.groupBy(keys, ({ account, ledger }) => `${accountText(account)} ${ledger}`);
  for (const wanted of byLedger.values()) {
    const [{ account, ledger }] = wanted as [BalanceKey];
    for (const accounts of groupsOf([account], planning.context.providers)) {
      const { provider } = accounts;
      const repository = provider.balances.get(ledger);
      if (repository === undefined) continue;
      const parent = { accounts, after: [], isInList, isCertain: true };
      // A route by currency cannot distinguish several balances of that currency; the list can.
      const isByCurrency = wanted.every(({ distinguishingId }) => distinguishingId === null);
      const currencies = wanted.map(({ currency }) => codesOf(provider).canonical(currency));
      const wantedOfList = isByCurrency ? currencies : null;
      const step = planning.calls.addBalances(accounts, repository, wantedOfList, callSiteOf(field, parent));
      const rows = { rowsKey: currencies.join(), rowsEach: wanted.length, rowsLeastEach: wanted.length };
      planBalances(field.below, { ...parent, ...rows, ledgers: [ledger], after: [step] }, planning);
    }
  }
}

function planTransactionIds(
  keys: readonly TransactionKey[],
  isInList: boolean,
  field: SelectedField,
  planning: Planning,
): void {
  for (const key of keys) {
    for (const accounts of groupsOf([key.account], planning.context.providers)) {
      planOneTransaction({ accounts, after: [], isInList, isCertain: true }, key, field, planning);
    }
  }
}

/** The keys by which one transaction is looked up. */
interface WantedTransaction {
  readonly ledger: Ledger;
  readonly providerTransactionId: string;
  /** Absent when only the provider's identifier is known. */
  readonly createdSecond?: number;
}

/**
 * Plans looking one transaction up, and the selection on it; returns false when only a search through its list can find
 * it.
 */
export function planOneTransaction(
  parent: PlannedObjects,
  { ledger, providerTransactionId, createdSecond }: WantedTransaction,
  field: SelectedField,
  planning: Planning,
): boolean {
  const { accounts } = parent;
  const feed = accounts.provider.transactions.get(ledger);
  if (feed === undefined) return true;
  const isBySecond = feed.kind === 'page-number' && createdSecond !== undefined;
  if (createdSecond === undefined && feed.oneRoute === undefined) return false;
  const route = isBySecond ? feed.pageRoute : (feed.oneRoute ?? feed.pageRoute);
  const look = isBySecond
    ? { read: `of second ${createdSecond}`, because: 'the rows of the second in which it was created' }
    : feed.oneRoute === undefined
      ? { read: '', because: 'the list from its newest row until it is found' }
      : { read: `one ${providerTransactionId}`, because: 'one transaction by its identifier' };
  const step = planning.calls.add(
    { accounts, ledger, route, ...look, mostEach: null },
    callSiteOf(field, parent),
  );
  // A row known only by the provider's identifier may not exist.
  const isCertain = parent.isCertain && createdSecond !== undefined;
  const row = { ledgers: [ledger], currencies: null, onlyRow: providerTransactionId };
  const rows = { ...row, readAheadAfter: null, after: [step], isCertain };
  planTransactions(field.below, { ...parent, ...rows }, planning);
  return true;
}
