import { accountText } from '../../data/keys.ts';
import type { TransactionSelection } from '../../data/pagination/page.ts';
import { type SourceGroup, sourceGroupsOf } from '../../data/pagination/source-groups.ts';
import type { Scope } from '../../domain/caller.ts';
import { foldCode } from '../../domain/currency-code.ts';
import { Failure } from '../../domain/failure.ts';
import { compareInstants } from '../../domain/instant.ts';
import type { AccountRef } from '../../domain/model.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type {
  AccountBalanceArgs,
  AccountBalancesArgs,
  AccountTransactionsArgs,
  BalanceTransactionsArgs,
} from '../../generated/resolvers.ts';
import { type ConnectionArguments, checkPageArguments, pageSizeMax } from '../connection-arguments.ts';
import type { GatewayContext } from '../context.ts';
import { toSelection } from '../filters.ts';
import { parseAccountIds } from '../ids.ts';
import { type AccountGroup, type CallCount, sizeOf } from './call-count.ts';
import { shortList } from './calls-at-most.ts';
import { rowsOf, type Selection } from './selection.ts';

export interface Planning {
  readonly context: GatewayContext;
  readonly callCount: CallCount;
  /** Told of arguments that so many fields refuse; throws where they are too many. */
  readonly onRefused: (failure: Failure, fieldCount: number) => void;
}

export function may(scope: Scope, { context }: Planning): boolean {
  return context.viewer.scopes.includes(scope);
}

/** Rows that a connection is asked for; null for arguments that its field refuses. */
export function sizeAsked({ first, last, before }: ConnectionArguments): number | null {
  const size = first ?? last ?? null;
  if ((first != null && last != null) || before === '') return null;
  if (size === null) return shortList;
  return size >= 1 && size <= pageSizeMax ? size : null;
}

/** Whether a page starts or ends somewhere within the list. */
export function hasCursor({ after, before }: ConnectionArguments): boolean {
  return (after ?? '') !== '' || (before ?? '') !== '';
}

/** What `work` gives; null where the arguments are refused, so that nothing is read for the field. */
export function unlessRefused<T>(
  { onRefused }: Pick<Planning, 'onRefused'>,
  work: () => T,
  fieldCount = 1,
): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    onRefused(error, fieldCount);
    return null;
  }
}

/** Looking accounts up, and what is selected of them. */
export function planLookUps(group: AccountGroup, below: Selection, planning: Planning): void {
  if (!may('accounts:read', planning)) return;
  const { provider } = group;
  const hasConnected = provider.accounts.hasConnected !== false;
  const isMaster = ({ providerAccountId }: AccountRef) => providerAccountId === null;
  if ('refs' in group) {
    const known = hasConnected ? group.refs : group.refs.filter(isMaster);
    if (!known.every(isMaster)) planAccountPage(group, planning);
    if (known.length > 0) planAccounts({ provider, refs: known }, below, planning);
    return;
  }
  planAccounts(group, below, planning);
}

/** A page of the account list, which everybody who wants one shares. */
export function planAccountPage({ provider }: Pick<AccountGroup, 'provider'>, { callCount }: Planning): void {
  if (provider.accounts.hasConnected !== false) callCount.add('accounts', { provider, count: 1 });
}

/** What is selected of accounts that are there. */
export function planAccounts(group: AccountGroup, below: Selection, planning: Planning): void {
  const { context, callCount } = planning;
  const { provider } = group;
  for (const field of below.of('Account')) {
    if (field.name === 'balances' && may('balances:read', planning)) {
      const args = field.args<AccountBalancesArgs>();
      const { providers, accountIds, ledgers } = args.filter ?? {};
      const read = () => {
        checkPageArguments(args);
        return narrowed(group, accountIds);
      };
      const wanted = unlessRefused(planning, read, sizeOf(group));
      if (wanted === null) continue;
      if (providers?.includes(provider.code) === false) continue;
      planBalances(wanted, ledgers ?? null, args, field.below, planning);
    }
    if (field.name === 'balance' && may('balances:read', planning)) {
      const { ledger } = field.args<AccountBalanceArgs>();
      if (!provider.balances.has(ledger)) continue;
      callCount.add(`balances ${ledger}`, group);
      planBalanceRows(group, [ledger], 1, field.below, planning);
    }
    if (field.name === 'transactions' && may('transactions:read', planning)) {
      const args = field.args<AccountTransactionsArgs>();
      const { accountIds, ...filter } = args.filter ?? {};
      const account = { ref: { provider: provider.code, providerAccountId: null }, ledgers: null };
      const read = () => {
        checkPageArguments(args);
        const selection = toSelection({ account, balance: null }, filter, context);
        return { selection, wanted: narrowed(group, accountIds) };
      };
      const asked = unlessRefused(planning, read, sizeOf(group));
      if (asked === null) continue;
      planTransactions(asked.wanted, asked.selection, args, field.below, planning);
    }
  }
}

/** Accounts of a group that `accountIds` leaves. */
function narrowed(group: AccountGroup, accountIds: readonly string[] | null | undefined): AccountGroup {
  const { provider } = group;
  const listed = parseAccountIds(accountIds)?.map(accountText);
  if (listed === undefined) return group;
  if ('refs' in group)
    return { provider, refs: group.refs.filter((ref) => listed.includes(accountText(ref))) };
  return { provider, count: Math.min(group.count, new Set(listed).size) };
}

/** Lists of balances of accounts, and what is selected of their rows. */
export function planBalances(
  group: AccountGroup,
  wanted: readonly Ledger[] | null,
  args: AccountBalancesArgs,
  below: Selection,
  planning: Planning,
): void {
  const ledgers = [...group.provider.balances.keys()].filter((ledger) => wanted?.includes(ledger) !== false);
  for (const ledger of ledgers) planning.callCount.add(`balances ${ledger}`, group);
  const currencies = args.filter?.currencies ?? null;
  const size = hasCursor(args) ? 0 : (sizeAsked(args) ?? 0);
  const found =
    currencies === null
      ? size
      : Math.min(size, new Set(currencies.map(foldCode)).size * Math.max(1, ledgers.length));
  for (const rows of rowsOf(below, 'Balance')) {
    planBalanceRows(group, ledgers, found, rows, planning);
  }
}

/** What is selected of balances that were read, `rowsEach` of each account. Which ledger a row is of is not known: the cheapest one is taken. */
export function planBalanceRows(
  group: AccountGroup,
  ledgers: readonly Ledger[],
  rowsEach: number,
  below: Selection,
  planning: Planning,
): void {
  const { provider } = group;
  if (rowsEach === 0 || sizeOf(group) === 0 || ledgers.length === 0) return;
  for (const field of below.of('Balance')) {
    if (field.name === 'account') planLookUps(group, field.below, planning);
    if (field.name !== 'transactions' || !may('transactions:read', planning)) continue;
    const args = field.args<BalanceTransactionsArgs>();
    // A filter may leave nothing of a row's list, and a cursor belongs to one of the lists.
    const rowCount = sizeOf(group) * rowsEach;
    if (unlessRefused(planning, () => checkPageArguments(args), rowCount) === null) continue;
    if (args.filter != null || hasCursor(args)) continue;
    const feeds = ledgers.map((ledger) => provider.transactions.get(ledger));
    // Rows of a list that is read whole share its reads.
    if (feeds.some((feed) => feed?.kind !== 'page-number')) continue;
    planning.callCount.addRows(rowCount);
  }
}

/** Walks over the transactions of each account of a group by itself, and what is selected of their rows. */
export function planTransactions(
  group: AccountGroup,
  selection: TransactionSelection,
  args: AccountTransactionsArgs,
  below: Selection,
  planning: Planning,
): void {
  const isPaged = hasCursor(args);
  const lists = isEmptyWindow(selection) ? [] : listsReadOf(selection, planning);
  // A cursor belongs to one account's list, and may have come to the end of all ledgers but one.
  if (isPaged || lists.length === 0 || sizeOf(group) === 0) return;
  for (const list of lists) {
    const pageCount = lists.length > 1 ? 1 : Math.ceil((sizeAsked(args) ?? 0) / list.feed.pageSizeMax);
    for (let pageNumber = 1; pageNumber <= pageCount; pageNumber++) {
      planning.callCount.add(`${readOf(list, selection)} page ${pageNumber}`, group);
    }
  }
  // Filters by what a row is may leave none.
  const { types, statuses, referenceIds, directions } = selection;
  if ([types, statuses, referenceIds, directions].some((words) => words !== null)) return;
  planTransactionRows(
    group,
    lists.map(({ ledger }) => ledger),
    rowsOf(below, 'Transaction'),
    planning,
  );
}

/** What is selected of transactions that were read. Of which ledger a row is, is known where there is one only. */
export function planTransactionRows(
  group: AccountGroup,
  ledgers: readonly Ledger[],
  rows: readonly Selection[],
  planning: Planning,
): void {
  const [ledger, ...others] = ledgers;
  for (const below of rows) {
    for (const field of below.of('Transaction')) {
      if (field.name === 'account') planLookUps(group, field.below, planning);
      if (field.name !== 'balance' || ledger === undefined || others.length > 0) continue;
      if (!may('balances:read', planning) || !group.provider.balances.has(ledger)) continue;
      planning.callCount.add(`balances ${ledger}`, group);
      planBalanceRows(group, [ledger], 1, field.below, planning);
    }
  }
}

/** Lists of one account that a walk reads. */
export function listsReadOf(selection: TransactionSelection, { context }: Planning): readonly SourceGroup[] {
  return sourceGroupsOf(selection, context.providers).filter(({ exists }) => exists);
}

function isEmptyWindow({ createdFrom, createdTo }: TransactionSelection): boolean {
  return createdFrom !== null && createdTo !== null && compareInstants(createdFrom, createdTo) >= 0;
}

/** What makes a walk's reads different from those of another one over the same account. */
function readOf(list: SourceGroup, { createdFrom, createdTo }: TransactionSelection): string {
  if (list.feed.kind === 'page-token') return `transactions ${list.ledger}`;
  const query = 'streams' in list ? (list.streams?.[0] ?? list.local.query) : {};
  return `transactions ${list.ledger} ${JSON.stringify([query, createdFrom, createdTo])}`;
}
