import type {
  BalanceHistoryArgs,
  BalanceStatementArgs,
  BalanceTransactionsArgs,
} from '../../generated/resolvers.ts';
import type { TransactionFeed } from '../../ports/transaction-feed.ts';
import { bucketsOf, toTimeSpan } from '../input/activity-query.ts';
import { hasCursor, pageSizeDefault } from '../input/connection-arguments.ts';
import { countLeastOf, countOf } from '../plan/account-group.ts';
import {
  callSiteOf,
  checkPage,
  type FieldPlans,
  may,
  type PlannedBalances,
  type Planning,
  requestedSize,
  unlessRefused,
} from '../plan/planning.ts';
import type { SelectedField } from '../plan/selection.ts';
import { planAccountLookUps } from './account-plan.ts';
import { pageCallsOf } from './transaction-page-plan.ts';

/** What the fields of a balance cost upstream. */
export const balancePlans: FieldPlans['Balance'] = {
  account: (field, parent, planning) => planAccountLookUps(parent, field, planning),

  transactions(field, parent, planning) {
    const { accounts, ledgers, rowsKey, rowsEach, rowsLeastEach, isCertain } = parent;
    const rowCount = countOf(accounts) * rowsEach;
    const args = field.args<BalanceTransactionsArgs>();
    if (rowCount === 0 || !may('transactions:read', planning)) return;
    if (unlessRefused(planning, () => checkPage(args, planning), rowCount) === null) return;
    const rows = requestedSize(args)?.rows ?? pageSizeDefault;
    const feeds = ledgers.flatMap((ledger) => accounts.provider.transactions.get(ledger) ?? []);
    for (const feed of feeds) {
      const { ledger, pageRoute: route } = feed;
      const lists = hasOwnLists(feed)
        ? {
            read: `${rowsKey} ${JSON.stringify(args.filter ?? null)}`,
            rows,
            callsEach: Math.ceil(rowsEach / feeds.length) * pageCallsOf(feed, rows, args),
            because: 'each balance has its own list of transactions',
          }
        : { because: 'one list of transactions for all balances' };
      const wanted = { accounts, ledger, route, ...lists, leastEach: 0, mostEach: null };
      planning.calls.add(wanted, callSiteOf(field, parent));
    }
    // Calls are certain only without a filter, which may exclude all rows of a list, and without a cursor, which
    // belongs to one list. Which ledger a row belongs to is unknown. Rows of a list that is read whole share its reads.
    const areAllRead = feeds.length === ledgers.length && feeds.every(({ kind }) => kind === 'page-number');
    if (isCertain && areAllRead && args.filter == null && !hasCursor(args)) {
      planning.calls.addRowsAtLeast(countLeastOf(accounts) * rowsLeastEach);
    }
  },

  history: (field, parent, planning) =>
    planPast(field, parent, planning, () => {
      const { during, bucket, timeZone } = field.args<Required<BalanceHistoryArgs>>();
      const { from, to } = toTimeSpan('during', during, planning.context);
      bucketsOf('during', { from, to }, bucket, timeZone);
    }),

  statement: (field, parent, planning) =>
    planPast(field, parent, planning, () => {
      toTimeSpan('during', field.args<BalanceStatementArgs>().during, planning.context);
    }),
};

/**
 * Plans the first page of each balance's transactions, which says how many follow. Stored readings may make even that
 * unnecessary.
 */
function planPast(
  field: SelectedField,
  parent: PlannedBalances,
  planning: Planning,
  checkArguments: () => void,
): void {
  const { accounts, ledgers, rowsKey, rowsEach } = parent;
  const rowCount = countOf(accounts) * rowsEach;
  if (rowCount === 0 || !may('transactions:read', planning)) return;
  if (unlessRefused(planning, () => [checkArguments()], rowCount) === null) return;
  for (const ledger of ledgers) {
    const feed = accounts.provider.transactions.get(ledger);
    if (feed === undefined) continue;
    const { during } = field.args<BalanceStatementArgs>();
    planning.calls.add(
      {
        ...{ accounts, ledger, route: feed.pageRoute, leastEach: 0, mostEach: null },
        read: `${rowsKey} past ${JSON.stringify(during)}`,
        callsEach: Math.ceil(rowsEach / ledgers.length),
        because: 'the first page of the transactions of each balance, which shows how many follow',
      },
      callSiteOf(field, parent),
    );
  }
}

/** Whether the rows of one balance can be read on their own. */
function hasOwnLists(feed: TransactionFeed): boolean {
  return feed.kind === 'page-number' || feed.ofBalance !== undefined;
}
