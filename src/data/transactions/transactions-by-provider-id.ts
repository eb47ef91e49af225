import DataLoader from 'dataloader';
import { Failure, toError } from '../../domain/failure.ts';
import { compareInstants, type Instant } from '../../domain/instant.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { TransactionFeed } from '../../ports/transaction-feed.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { ledgerText } from '../keys.ts';
import type { TransactionPaginator } from '../pagination/index.ts';
import { pageFrom, type TransactionPage, type TransactionSelection } from '../pagination/page.ts';
import { located } from '../sources.ts';

/** The key of a lookup if only the provider's identifier is known. */
export interface ProviderTransactionKey {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  readonly providerTransactionId: string;
  /** Inclusive; null is open. */
  readonly createdFrom: Instant | null;
  /** Exclusive; null is open. */
  readonly createdTo: Instant | null;
}

/** Most identifiers to search for together. */
const idCountMax = 100;

/**
 * Looks up transactions by the provider's identifier: with the provider's own route if there is one,
 * otherwise in its list, newest first, sharing the search among identifiers of one ledger and window. Null if
 * there is no such row; rejects with the `Failure` that left it unknown, or BAD_USER_INPUT if the operation
 * does not have enough calls to find out.
 */
export function createProviderIdReads(
  providers: ReadonlyMap<ProviderCode, Provider>,
  paginator: TransactionPaginator,
  context: ReadContext,
): (key: ProviderTransactionKey) => Promise<Transaction | null> {
  const readRows: ReadRows = (key, ids, rowCountMax) =>
    paginator.page(toSearch(key, ids), pageFrom(null, rowCountMax), context);
  const loader = new DataLoader<ProviderTransactionKey, Transaction | null, string>(
    async (keys) => {
      const found = new Map<ProviderTransactionKey, Transaction | Error>();
      await Promise.all(
        Array.from(Map.groupBy(keys, windowText).values(), async (group) => {
          const [{ account, ledger }] = group as [ProviderTransactionKey];
          const feed = providers.get(account.provider)?.transactions.get(ledger);
          if (feed === undefined) return;
          const rows = await findInWindow(group, feed, readRows, context);
          for (const key of group) {
            const row = rows.get(key.providerTransactionId);
            if (row !== undefined) found.set(key, row);
          }
        }),
      );
      return keys.map((key) => found.get(key) ?? null);
    },
    {
      cacheKeyFn: (key) => JSON.stringify([windowText(key), key.providerTransactionId]),
      maxBatchSize: idCountMax,
    },
  );
  return (key) => loader.load(key);
}

type FoundRows = Map<string, Transaction | Error>;

/** The newest rows of one account's ledger and window that have one of these identifiers. */
type ReadRows = (
  key: ProviderTransactionKey,
  ids: readonly string[],
  rowCountMax: number,
) => Promise<TransactionPage>;

async function findInWindow(
  keys: readonly ProviderTransactionKey[],
  feed: TransactionFeed,
  readRows: ReadRows,
  context: ReadContext,
): Promise<FoundRows> {
  const found: FoundRows = new Map();
  const searched: ProviderTransactionKey[] = [];
  await Promise.all(
    keys.map(async (key) => {
      try {
        const answer = await feed.one?.(key.account, key.providerTransactionId, context);
        if (answer === undefined || answer.value === 'UNSURE') searched.push(key);
        else if (answer.value !== null && isWithin(answer.value, key)) {
          found.set(key.providerTransactionId, answer.value);
        }
      } catch (error) {
        const failure = toFailure(error, key);
        if (failure !== null) found.set(key.providerTransactionId, failure);
      }
    }),
  );
  if (searched.length > 0) await search(searched, readRows, found);
  return found;
}

/**
 * Reads the list until all are found, and again for identifiers crowded out by one that is on several rows.
 */
async function search(
  keys: readonly ProviderTransactionKey[],
  readRows: ReadRows,
  found: FoundRows,
): Promise<void> {
  const [key] = keys as [ProviderTransactionKey];
  const ids = keys.map(({ providerTransactionId }) => providerTransactionId);
  try {
    const page = await readRows(key, ids, ids.length);
    for (const row of page.rows) {
      const id = row.providerTransactionId;
      if (!found.has(id)) found.set(id, await unlessShared(row, key, readRows));
    }
    const missing = keys.filter(({ providerTransactionId }) => !found.has(providerTransactionId));
    const failure = page.sources.find(({ state }) => state === 'FAILED' || state === 'PARTIAL')?.failure;
    if (failure != null) throw failure;
    if (missing.length > 0 && page.rows.length === ids.length) await search(missing, readRows, found);
  } catch (error) {
    const failure = toFailure(error, key);
    if (failure === null) return;
    for (const id of ids) if (!found.has(id)) found.set(id, failure);
  }
}

/**
 * The row, or BAD_USER_INPUT if its identifier is ambiguous: the two sides of a transfer between asset
 * accounts (Ibanera) may share it and their time.
 */
async function unlessShared(
  row: Transaction,
  key: ProviderTransactionKey,
  readRows: ReadRows,
): Promise<Transaction | Error> {
  if (row.distinguishingId === null) return row;
  const { second } = row.createdAt;
  const ofSecond = { createdFrom: { second, nano: 0 }, createdTo: { second: second + 1, nano: 0 } };
  const page = await readRows({ ...key, ...ofSecond }, [row.providerTransactionId], 2);
  if (page.rows.length < 2) return row;
  const { provider } = key.account;
  return new Failure(
    'BAD_USER_INPUT',
    `Argument "providerTransactionId" matches ${page.rows.length} transactions of ${provider}’s ledger ${key.ledger}, one for each balance it moved. ` +
      `List them with transactions(filter: { ledgers: [${key.ledger}], createdAt: ... }), and ask for one by its id.`,
    { provider, ledger: key.ledger, retryable: false },
  );
}

/** The rows of one account's ledger and window that have one of these identifiers. */
export function toSearch(
  { account, ledger, createdFrom, createdTo }: ProviderTransactionKey,
  providerTransactionIds: readonly string[],
): TransactionSelection {
  return {
    accounts: [{ ref: account, ledgers: null }],
    ledgers: [ledger],
    providerTransactionIds,
    ...{ currencies: null, types: null, statuses: null, referenceIds: null, directions: null },
    ...{ createdFrom, createdTo },
  };
}

function isWithin({ createdAt }: Transaction, { createdFrom, createdTo }: ProviderTransactionKey): boolean {
  return (
    (createdFrom === null || compareInstants(createdAt, createdFrom) >= 0) &&
    (createdTo === null || compareInstants(createdAt, createdTo) < 0)
  );
}

/** Null for an unknown account: its list is empty. */
function toFailure(error: unknown, { account, ledger, ...window }: ProviderTransactionKey): Error | null {
  if (!(error instanceof Failure)) {
    return toError(error);
  }
  if (error.code === 'ACCOUNT_NOT_FOUND') return null;
  if (error.code !== 'CALLS_EXCEEDED') return located(error, account.provider, ledger);
  const isNarrowed = window.createdFrom !== null || window.createdTo !== null;
  const { limit } = error.details;
  return new Failure(
    'BAD_USER_INPUT',
    `The transaction is not among those that the calls of one operation reach${isNarrowed ? ' in that span' : ', newest first'} ` +
      `(MAX_UPSTREAM_CALLS_PER_OPERATION allows ${limit?.maximum ?? 'no more'}). ` +
      `${isNarrowed ? 'Narrow' : 'Give'} the argument "createdAt"${isNarrowed ? '' : ', a span of time in which it was created'}.`,
    { provider: account.provider, ledger, retryable: false, ...(limit === undefined ? {} : { limit }) },
  );
}

function windowText({ account, ledger, createdFrom, createdTo }: ProviderTransactionKey): string {
  return JSON.stringify([ledgerText(account, ledger), createdFrom, createdTo]);
}
