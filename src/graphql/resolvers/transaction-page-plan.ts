import type { TransactionSelection } from '../../data/pagination/page.ts';
import {
  isPageNumbered,
  type PageNumberGroup,
  type SourceGroup,
  sourceGroupsOf,
} from '../../data/pagination/source-groups.ts';
import { compareInstants } from '../../domain/instant.ts';
import type { TransactionFeed } from '../../ports/transaction-feed.ts';
import { type ConnectionArguments, hasCursor, isBackward } from '../input/connection-arguments.ts';
import { countOf } from '../plan/account-group.ts';
import type { CallSite } from '../plan/call-plan.ts';
import type { PlannedStep } from '../plan/planned-step.ts';
import {
  type PlannedAccounts,
  type Planning,
  planTransactions,
  refusedByEach,
  requestedSize,
} from '../plan/planning.ts';
import { rowsOf, type SelectedField } from '../plan/selection.ts';

/** Calls for a page whose rows the gateway filters: two, because the first page may contain few matching rows. */
const callsOfSifting = 2;
/** Number of lists by balance assumed for an account before any have been seen. */
const listsUnknown = 8;

/**
 * Plans a page of transactions for each account of a group, and the selection on its rows. Returns the steps that read
 * the page. `isAlone` is false when rows of other accounts share the page.
 */
export function planTransactionPage(
  parent: PlannedAccounts,
  selection: TransactionSelection,
  args: ConnectionArguments,
  field: SelectedField,
  planning: Planning,
  isAlone = true,
): readonly PlannedStep[] {
  const lists = sourceGroupsOf(selection, planning.context.providers).filter(({ exists }) => exists);
  const size = requestedSize(args);
  if (lists.length === 0 || size === null || countOf(parent.accounts) === 0) return [];
  const wantsTotal = field.below.of('TransactionConnection').some(({ name }) => totals.includes(name));
  const isCertain = parent.isCertain && !isEmptyWindow(selection);
  const site = { path: field.path, isCertain };
  const steps = lists.map((list) => {
    const isOnly = isAlone && lists.length === 1;
    const pages = { rows: size.rows, rowsLeast: isOnly ? size.rows : 1, wantsTotal };
    return planList(list, parent, selection, args, pages, site, planning);
  });
  const { types, statuses, referenceIds, directions, currencies } = selection;
  const { accounts } = parent;
  const readsAhead =
    isAlone && lists.length === 1 && !parent.isInList && 'refs' in accounts && accounts.refs.length === 1;
  const rows = {
    ledgers: lists.map(({ ledger }) => ledger),
    currencies,
    onlyRow: null,
    // Filters on properties of rows may exclude all of them.
    isCertain:
      isCertain &&
      isAlone &&
      !hasCursor(args) &&
      [types, statuses, referenceIds, directions].every((words) => words === null),
    readAheadAfter: readsAhead ? parent.after : null,
    after: steps,
    isInList: true,
  };
  for (const below of rowsOf(field.below, 'Transaction')) {
    planTransactions(below, { ...parent, ...rows }, refusedByEach(size.rows, planning));
  }
  return steps;
}

/** Fields of a connection that require all rows to be counted. */
const totals: readonly string[] = ['totalCount', 'pageCursors'];

interface PlannedPage {
  readonly rows: number;
  /** Least number of rows from this list: one if other lists share the page. */
  readonly rowsLeast: number;
  readonly wantsTotal: boolean;
}

/** Plans the pages of one ledger's list. */
function planList(
  list: SourceGroup,
  { accounts, after }: PlannedAccounts,
  selection: TransactionSelection,
  args: ConnectionArguments,
  { rows, rowsLeast, wantsTotal }: PlannedPage,
  site: Omit<CallSite, 'after'>,
  { calls }: Planning,
): PlannedStep {
  const { feed, ledger } = list;
  const isPaged = hasCursor(args);
  // A cursor belongs to one account's list, and may have reached the end of all ledgers but one.
  const leastEach = isPaged ? 0 : Math.ceil(rowsLeast / feed.pageSizeMax);
  const common = { accounts, ledger, route: feed.pageRoute, mostEach: null };
  if (!isPageNumbered(list)) {
    const pages = Math.ceil(rowsLeast / feed.pageSizeMax);
    const repository = accounts.provider.balances.get(ledger);
    const byBalance = list.feed.listsByBalance;
    if (byBalance === undefined || repository === undefined) {
      const because = 'the list, page after page from its newest row on';
      const read = isPaged ? `after ${args.after ?? args.before}` : '';
      return calls.add({ ...common, read, callsEach: pages, leastEach, because }, { ...site, after });
    }
    const start = isPaged ? after : [calls.addBalances(accounts, repository, null, { ...site, after })];
    const callsEach = pages * (byBalance.count() ?? listsUnknown);
    const because = 'a page of the list of each balance, merged';
    return calls.add(
      { ...common, callsEach, leastEach: Math.min(1, leastEach), because },
      { ...site, after: start },
    );
  }
  const read = readOf(list, selection, isPaged || isBackward(args) ? args : {});
  return calls.add(
    { ...common, read, rows, leastEach, ...pagesOf(list, args, rows, wantsTotal) },
    { ...site, after },
  );
}

/** The calls for a page of a list with page numbers, and why there are so many. */
function pagesOf(
  list: PageNumberGroup,
  args: ConnectionArguments,
  rows: number,
  wantsTotal: boolean,
): { readonly callsEach: number; readonly because: string } {
  if (list.local.matches !== null) {
    const streams = list.streams?.length ?? 0;
    return wantsTotal && !list.severalStatuses && streams > 1
      ? { callsEach: streams, because: 'one list for each value of the filter, so that all rows are counted' }
      : {
          callsEach: callsOfSifting,
          because: 'rows are filtered here, so only the pages show how many are needed',
        };
  }
  if (isBackward(args) && !hasCursor(args)) {
    return {
      callsEach: Math.ceil(rows / list.feed.pageSizeMax) + 1,
      because: 'the end of the list, found by its length',
    };
  }
  const because = hasCursor(args) ? 'rows from the cursor on' : 'the newest rows of the list';
  return { callsEach: pageCallsOf(list.feed, rows, args), because };
}

/** The calls for a page of rows as they are listed: one row more shows whether the second of the last row is over. */
export function pageCallsOf(
  { pageSizeMax }: Pick<TransactionFeed, 'pageSizeMax'>,
  rows: number,
  args: ConnectionArguments,
): number {
  // A page from a cursor begins with that cursor's row.
  return Math.ceil((rows + (hasCursor(args) ? 2 : 1)) / pageSizeMax);
}

function isEmptyWindow({ createdFrom, createdTo }: TransactionSelection): boolean {
  return createdFrom !== null && createdTo !== null && compareInstants(createdFrom, createdTo) >= 0;
}

/** Distinguishes a page's reads from those of other pages of the same account. */
function readOf(
  list: PageNumberGroup,
  { createdFrom, createdTo }: TransactionSelection,
  { after, before, last }: ConnectionArguments,
): string {
  const query = list.streams?.[0] ?? list.local.query;
  const from = after == null && before == null && last == null ? [] : [after, before, last != null];
  return JSON.stringify([query, createdFrom, createdTo, ...from]);
}
