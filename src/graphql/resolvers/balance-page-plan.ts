import { foldCode } from '../../domain/currency-code.ts';
import type { AccountBalancesArgs } from '../../generated/resolvers.ts';
import { hasCursor } from '../input/connection-arguments.ts';
import {
  callSiteOf,
  type PlannedAccounts,
  type Planning,
  planBalances,
  requestedSize,
} from '../plan/planning.ts';
import { rowsOf, type SelectedField, type Selection } from '../plan/selection.ts';

/**
 * Plans a list of each account's balances, by ledger, and the selection on its rows: those of a connection by default.
 */
export function planBalancePage(
  parent: PlannedAccounts,
  args: AccountBalancesArgs,
  field: SelectedField,
  planning: Planning,
  rows: readonly Selection[] = rowsOf(field.below, 'Balance'),
): void {
  const { accounts } = parent;
  const { ledgers: wanted, currencies } = args.filter ?? {};
  const repositories = [...accounts.provider.balances.values()].filter(
    ({ ledger }) => wanted?.includes(ledger) !== false,
  );
  // A cursor may be refused as invalid before anything is read, so no call is certain.
  const site = callSiteOf(field, { ...parent, isCertain: parent.isCertain && !hasCursor(args) });
  const after = repositories.map((repository) =>
    planning.calls.addBalances(accounts, repository, null, site),
  );
  const size = requestedSize(args);
  if (size === null || repositories.length === 0) return;
  // A ledger has each currency once.
  const rowsMax =
    currencies == null
      ? Number.POSITIVE_INFINITY
      : new Set(currencies.map(foldCode)).size * repositories.length;
  const balances = {
    ledgers: repositories.map(({ ledger }) => ledger),
    rowsKey: JSON.stringify([wanted, currencies, args.after, args.before, args.last != null]),
    rowsEach: Math.min(size.rows, rowsMax),
    rowsLeastEach: Math.min(size.rowsLeast, rowsMax),
  };
  for (const below of rows) {
    const isCertain = parent.isCertain && balances.rowsLeastEach > 0;
    planBalances(below, { ...parent, ...balances, after, isInList: true, isCertain }, planning);
  }
}
