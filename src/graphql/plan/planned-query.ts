import { type ProviderTransactionKey, toSearch } from '../../data/transactions-by-provider-id.ts';
import { wantedAccounts } from '../../data/wanted-accounts.ts';
import { type AccountGrant, mayRead } from '../../domain/caller.ts';
import type { BalanceKey, GlobalId, TransactionKey } from '../../domain/global-id.ts';
import type { AccountRef } from '../../domain/model.ts';
import { type ProviderCode, providerCodes } from '../../domain/vocabulary.ts';
import type {
  QueryAccountArgs,
  QueryAccountsArgs,
  QueryBalanceArgs,
  QueryBalancesArgs,
  QueryNodeArgs,
  QueryNodesArgs,
  QueryTransactionArgs,
  QueryTransactionByProviderIdArgs,
  QueryTransactionsArgs,
} from '../../generated/resolvers.ts';
import { toBalanceFilter, toSelection } from '../filters.ts';
import { idCountMax, parseId, parseIdOf } from '../ids.ts';
import { toProviderTransactionKey } from '../provider-transaction-key.ts';
import type { AccountGroup } from './call-count.ts';
import {
  hasCursor,
  may,
  type Planning,
  planAccountPage,
  planAccounts,
  planBalanceRows,
  planBalances,
  planLookUps,
  planTransactionRows,
  planTransactions,
  sizeAsked,
  unlessRefused,
} from './planned-rows.ts';
import { isRepresentation, representedId } from './represented-id.ts';
import { rowsOf, type SelectedField, type Selection } from './selection.ts';

/** Plans all root fields. */
export function planQuery(root: Selection, planning: Planning): void {
  for (const field of root.of('Query')) rootPlans[field.name]?.(field, planning);
}

const rootPlans: Readonly<Record<string, (field: SelectedField, planning: Planning) => void>> = {
  accounts: planAccountList,
  balances: planBalanceList,
  transactions: planTransactionList,
  account(field, planning) {
    const { id } = field.args<QueryAccountArgs>();
    planIds([unlessRefused(planning, () => parseIdOf('Account', 'id', id))], field.below, planning);
  },
  balance(field, planning) {
    const { provider, currency, accountId, ...args } = field.args<
      QueryBalanceArgs & { readonly provider: ProviderCode }
    >();
    const named =
      accountId == null ? null : unlessRefused(planning, () => parseIdOf('Account', 'accountId', accountId));
    if (accountId != null && named?.account.provider !== provider) return;
    const account = named?.account ?? { provider, providerAccountId: null };
    // Without one the provider's first ledger is asked, and others only where that says too little.
    const ledger = args.ledger ?? planning.context.providers.get(provider)?.balances.keys().next().value;
    if (ledger === undefined) return;
    planIds(
      [{ type: 'Balance', key: { account, ledger, currency, distinguishingId: null } }],
      field.below,
      planning,
    );
  },
  transaction(field, planning) {
    const { id } = field.args<QueryTransactionArgs>();
    planIds([unlessRefused(planning, () => parseIdOf('Transaction', 'id', id))], field.below, planning);
  },
  transactionByProviderId(field, planning) {
    const args = field.args<Required<QueryTransactionByProviderIdArgs>>();
    const key = unlessRefused(planning, () => toProviderTransactionKey(args, planning.context));
    if (key !== null) planProviderId(key, planning);
  },
  node(field, planning) {
    const { id } = field.args<QueryNodeArgs>();
    planIds([unlessRefused(planning, () => parseId('id', id))], field.below, planning);
  },
  nodes(field, planning) {
    const { ids } = field.args<QueryNodesArgs>();
    if (ids.length > idCountMax) return;
    planIds(
      ids.map((id) => unlessRefused(planning, () => parseId('ids', id))),
      field.below,
      planning,
    );
  },
  _entities(field, planning) {
    const { representations } = field.args<{ readonly representations: readonly unknown[] }>();
    // One that cannot be anything refuses them all.
    if (!representations.every(isRepresentation)) return;
    planIds(
      representations.map((representation) => representedId(representation, planning)),
      field.below,
      planning,
    );
  },
};

/** The account list whole, and what is selected of a page of it, taken from the side it starts at. */
function planAccountList(field: SelectedField, planning: Planning): void {
  const args = field.args<QueryAccountsArgs>();
  const size = sizeAsked(args);
  if (size === null || !may('accounts:read', planning)) return;
  const { context } = planning;
  const { providers: wanted, statuses } = args.filter ?? {};
  const asked = [...context.providers.values()].filter(({ code }) => wanted?.includes(code) !== false);
  for (const provider of asked) planAccountPage({ provider }, planning);
  const isBackward = args.last != null || (args.first == null && args.before != null);
  const inOrder = asked.sort((a, b) => providerCodes.indexOf(a.code) - providerCodes.indexOf(b.code));
  // Nobody knows how many rows are left behind a cursor.
  let left = statuses?.length === 0 || hasCursor(args) ? 0 : size;
  for (const provider of isBackward ? inOrder.reverse() : inOrder) {
    const seen = provider.accounts.hasConnected === false ? 1 : context.lengths.accountCountOf(provider.code);
    const count = Math.min(left, seen ?? left, accountsGranted(context.viewer.grants, provider.code));
    for (const rows of rowsOf(field.below, 'Account')) planAccounts({ provider, count }, rows, planning);
    left -= count;
  }
}

/** Accounts of a provider that a caller can see at most. */
function accountsGranted(grants: readonly AccountGrant[], code: ProviderCode): number {
  const own = grants.filter(({ provider }) => provider === null || provider === code);
  return own.some(({ account }) => account === 'ALL') ? Number.POSITIVE_INFINITY : own.length;
}

function planBalanceList(field: SelectedField, planning: Planning): void {
  const args = field.args<QueryBalancesArgs>();
  const filter = unlessRefused(planning, () => toBalanceFilter(null, args.filter, planning.context));
  if (filter === null || sizeAsked(args) === null || !may('balances:read', planning)) return;
  const { providers } = planning.context;
  const refs = wantedAccounts(filter, providers).map(({ ref }) => ref);
  // All of them make one page: which account its rows are of is not known.
  for (const group of groupsOf(refs, planning)) {
    planBalances(group, filter.ledgers, args, noSelection, planning);
  }
  const [only, ...others] = groupsOf(refs, planning);
  if (only !== undefined && others.length === 0 && refs.length === 1) {
    planBalances(only, filter.ledgers, args, field.below, planning);
  }
}

function planTransactionList(field: SelectedField, planning: Planning): void {
  const args = field.args<QueryTransactionsArgs>();
  const { context } = planning;
  const selection = unlessRefused(planning, () =>
    toSelection({ account: null, balance: null }, args.filter, context),
  );
  if (selection === null || sizeAsked(args) === null || !may('transactions:read', planning)) return;
  const isOne = selection.accounts.length === 1;
  for (const account of selection.accounts) {
    for (const group of groupsOf([account.ref], planning)) {
      const own = { ...selection, accounts: [account] };
      planTransactions(
        group,
        own,
        { ...args, ...(isOne ? {} : { first: 1, last: null }) },
        isOne ? field.below : noSelection,
        planning,
      );
    }
  }
}

/** Looks up what ids stand for, as the loaders do. An id that stands for nothing costs nothing. */
function planIds(ids: readonly (GlobalId | null)[], below: Selection, planning: Planning): void {
  const { grants } = planning.context.viewer;
  const accounts: AccountRef[] = [];
  const balances: BalanceKey[] = [];
  const transactions: TransactionKey[] = [];
  for (const id of ids) {
    if (id === null || !mayRead(grants, id.type === 'Account' ? id.account : id.key.account)) continue;
    if (id.type === 'Account') accounts.push(id.account);
    else if (id.type === 'Balance') balances.push(id.key);
    else transactions.push(id.key);
  }
  for (const group of groupsOf(accounts, planning)) planLookUps(group, below, planning);
  if (may('balances:read', planning)) planBalanceIds(balances, below, planning);
  if (may('transactions:read', planning)) planTransactionIds(transactions, below, planning);
}

function planBalanceIds(keys: readonly BalanceKey[], below: Selection, planning: Planning): void {
  for (const [ledger, wanted] of Map.groupBy(keys, (key) => key.ledger)) {
    const refs = wanted.map(({ account }) => account);
    for (const group of groupsOf(refs, planning)) {
      if (!group.provider.balances.has(ledger)) continue;
      planning.callCount.add(`balances ${ledger}`, group);
      planBalanceRows(group, [ledger], 1, below, planning);
    }
  }
}

function planTransactionIds(keys: readonly TransactionKey[], below: Selection, planning: Planning): void {
  for (const key of keys) {
    for (const group of groupsOf([key.account], planning)) {
      const feed = group.provider.transactions.get(key.ledger);
      if (feed === undefined) continue;
      const place = feed.kind === 'page-number' ? key.createdSecond : feed.one && key.providerTransactionId;
      planning.callCount.add(`transaction ${key.ledger} ${place ?? ''}`, group);
      planTransactionRows(group, [key.ledger], [below], planning);
    }
  }
}

/** One call, or the first page of a list at least. Whether there is such a row, of which more is selected, nobody knows. */
function planProviderId(key: ProviderTransactionKey, planning: Planning): void {
  const { account, ledger, providerTransactionId } = key;
  if (!may('transactions:read', planning) || !mayRead(planning.context.viewer.grants, account)) return;
  for (const group of groupsOf([account], planning)) {
    if (group.provider.transactions.get(ledger)?.one !== undefined) {
      planning.callCount.add(`transaction ${ledger} ${providerTransactionId}`, group);
      continue;
    }
    planTransactions(group, toSearch(key, [providerTransactionId]), { first: 1 }, noSelection, planning);
  }
}

const noSelection: Selection = { of: () => [] };

/** Accounts by provider, each once; those of providers that are not connected are left out. */
function groupsOf(
  refs: readonly AccountRef[],
  { context }: Planning,
): readonly (AccountGroup & { readonly refs: readonly AccountRef[] })[] {
  return Array.from(
    Map.groupBy(refs, (ref) => ref.provider),
    ([code, ofProvider]) => ({ provider: context.providers.get(code), refs: ofProvider }),
  ).flatMap(({ provider, refs: ofProvider }) =>
    provider === undefined ? [] : [{ provider, refs: ofProvider }],
  );
}
