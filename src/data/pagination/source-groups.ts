import type { CurrencyCodes } from '../../domain/currency-code.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import { codesOf, type Provider } from '../../ports/provider.ts';
import type {
  PageNumberFeed,
  PageTokenFeed,
  TransactionFeed,
  TransactionQuery,
} from '../../ports/transaction-feed.ts';
import { localFilters } from './local-filters.ts';
import type { TransactionSelection } from './page.ts';

/** One account's ledger. */
export type SourceGroup = PageNumberGroup | PageTokenGroup;

interface AccountLedger {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  /**
   * False if the account is known not to have this ledger, or nothing in it can match: then nothing is read.
   */
  readonly exists: boolean;
}

/** A ledger whose list is filtered upstream as far as possible. */
export interface PageNumberGroup extends AccountLedger {
  readonly feed: PageNumberFeed;
  /** One upstream list, with the filters to be applied here. */
  readonly local: {
    readonly query: TransactionQuery;
    readonly matches: ((row: Transaction) => boolean) | null;
  };
  /** One upstream list for each combination of values; null if some value cannot be sent upstream. */
  readonly streams: readonly TransactionQuery[] | null;
  /** Whether several statuses are requested: rows move between those streams while they are read. */
  readonly severalStatuses: boolean;
}

/** A ledger whose list cannot be filtered upstream and is filtered here. */
export interface PageTokenGroup extends AccountLedger {
  readonly feed: PageTokenFeed;
  /** Null if every row matches. */
  readonly matches: ((row: Transaction) => boolean) | null;
}

export function isPageNumbered(group: SourceGroup): group is PageNumberGroup {
  return group.feed.kind === 'page-number';
}

interface Dimension {
  readonly field: 'currency' | 'type' | 'status';
  readonly words: readonly (string | null)[];
  readonly matches: (row: Transaction) => boolean;
}

/**
 * The lists a selection needs, in an order that depends only on the selection, so that a cursor means the
 * same on every page and every replica.
 */
export function sourceGroupsOf(
  selection: TransactionSelection,
  providers: ReadonlyMap<string, Provider>,
): readonly SourceGroup[] {
  return selection.accounts.flatMap(({ ref, ledgers }) => {
    const provider = providers.get(ref.provider);
    const feeds = [...(provider?.transactions.values() ?? [])];
    const codes = codesOf(provider);
    const canonical = selection.currencies?.map(codes.canonical) ?? null;
    return feeds
      .filter((feed) => selection.ledgers === null || selection.ledgers.includes(feed.ledger))
      .map((feed) => {
        const exists = ledgers === null || ledgers.includes(feed.ledger);
        return feed.kind === 'page-number'
          ? toPageNumberGroup(ref, feed, { ...selection, currencies: canonical }, exists)
          : toPageTokenGroup(ref, feed, selection, codes, exists);
      });
  });
}

function toPageTokenGroup(
  account: AccountRef,
  feed: PageTokenFeed,
  selection: TransactionSelection,
  codes: CurrencyCodes,
  exists: boolean,
): PageTokenGroup {
  const filters = [selection.currencies, selection.types, selection.statuses];
  // If rows identify a balance by its currency, the filter by currency covers it.
  const balanceId = feed.movesBalanceBy === 'provider-id' ? (selection.providerBalanceId ?? null) : null;
  const others = localFilters(selection, feed);
  const isWanted = rowFilter(selection, feed, codes);
  const matches = (row: Transaction) =>
    isWanted(row) && (balanceId === null || row.providerBalanceId === balanceId);
  const narrows = balanceId !== null || others.length > 0 || filters.some((words) => words !== null);
  return {
    account,
    ledger: feed.ledger,
    feed: balanceId === null ? feed : (feed.ofBalance?.(balanceId) ?? feed),
    exists:
      exists && filters.every((words) => words?.length !== 0) && others.every((filter) => filter.isPossible),
    matches: narrows ? matches : null,
  };
}

/**
 * Whether a row of one of a selection's accounts and ledgers matches it; ignores its window and its balance.
 */
export function rowFilter(
  selection: TransactionSelection,
  feed: Pick<TransactionFeed, 'absentFields'>,
  codes: CurrencyCodes,
): (row: Transaction) => boolean {
  const { currencies, types, statuses } = selection;
  const others = localFilters(selection, feed);
  return (row) =>
    (currencies === null || currencies.some((asked) => codes.means(asked, row.currency))) &&
    types?.includes(row.type) !== false &&
    statuses?.includes(row.status) !== false &&
    others.every((filter) => filter.matches(row));
}

function toPageNumberGroup(
  account: AccountRef,
  feed: PageNumberFeed,
  selection: TransactionSelection,
  accountHasLedger: boolean,
): PageNumberGroup {
  const dimensions = dimensionsOf(selection, feed);
  const others = localFilters(selection, feed);
  const single: Record<string, string> = {};
  const several: Dimension[] = [];
  for (const dimension of dimensions) {
    const [word] = dimension.words;
    if (dimension.words.length === 1 && word != null) single[dimension.field] = word;
    else several.push(dimension);
  }
  const sendable =
    others.length === 0 && several.every((dimension) => dimension.words.every((word) => word !== null));
  const applied = [...several, ...others];
  return {
    account,
    ledger: feed.ledger,
    feed,
    exists:
      accountHasLedger &&
      dimensions.every((dimension) => dimension.words.length > 0) &&
      others.every((filter) => filter.isPossible),
    local: {
      query: single,
      matches: applied.length === 0 ? null : (row) => applied.every((filter) => filter.matches(row)),
    },
    streams: sendable ? combinations(single, several) : null,
    severalStatuses: several.some((dimension) => dimension.field === 'status'),
  };
}

function dimensionsOf(selection: TransactionSelection, feed: PageNumberFeed): Dimension[] {
  const { currencies, types, statuses } = selection;
  const dimensions: Dimension[] = [];
  if (currencies !== null) {
    dimensions.push({
      field: 'currency',
      words: unique(currencies),
      matches: (row) => currencies.includes(row.currency),
    });
  }
  if (types !== null) {
    // A type that the ledger does not have cannot occur in it; an unrecognized one can.
    const possible = unique(types).filter(
      (type) => type === 'UNRECOGNIZED' || feed.typeMapping[type] !== undefined,
    );
    dimensions.push({
      field: 'type',
      words: possible.map((type) => feed.typeMapping[type] ?? null),
      matches: (row) => types.includes(row.type),
    });
  }
  if (statuses !== null) {
    // Rows leave PENDING permanently, so its stream is read before those they may move to.
    const ordered = unique(statuses).sort((a, b) => Number(b === 'PENDING') - Number(a === 'PENDING'));
    dimensions.push({
      field: 'status',
      words: ordered.map((status) => feed.statusMapping[status] ?? null),
      matches: (row) => statuses.includes(row.status),
    });
  }
  return dimensions;
}

function combinations(single: TransactionQuery, several: readonly Dimension[]): readonly TransactionQuery[] {
  return several.reduceRight<readonly TransactionQuery[]>(
    (queries, { field, words }) =>
      words.flatMap((word) => queries.map((query) => ({ ...query, [field]: word as string }))),
    [single],
  );
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
