import DataLoader from 'dataloader';
import { Failure } from '../domain/failure.ts';
import type { TransactionKey } from '../domain/global-id.ts';
import type { Transaction } from '../domain/model.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadContext } from '../ports/upstream.ts';
import { ledgerText } from './keys.ts';
import { located } from './sources.ts';

/** The transactions one request looks up by id. */
export interface TransactionReads {
  /**
   * One transaction; null when its second holds no such row any more. Ids of one account, ledger and second
   * share calls: one for up to 100 rows in that second. Rejects with the `Failure` that left it unknown.
   */
  one(key: TransactionKey): Promise<Transaction | null>;
}

/** Transaction look-ups of one request. */
export function createTransactionReads(
  providers: ReadonlyMap<ProviderCode, Provider>,
  context: ReadContext,
): TransactionReads {
  const loader = new DataLoader<TransactionKey, Transaction | null, string>(
    async (keys) => {
      const found = new Map<string, ReadonlyMap<string, Transaction | Error>>();
      await Promise.all(
        Array.from(Map.groupBy(keys, secondText), async ([second, wanted]) => {
          found.set(second, await findInSecond(wanted, providers, context));
        }),
      );
      return keys.map((key) => found.get(secondText(key))?.get(key.providerTransactionId) ?? null);
    },
    { cacheKeyFn: (key) => `${secondText(key)} ${key.providerTransactionId}` },
  );
  return { one: (key) => loader.load(key) };
}

/**
 * Rows wanted of one second, by the provider's identifier: reads that second's pages until all are found. After
 * a failure those not found yet have it in their place.
 */
async function findInSecond(
  keys: readonly TransactionKey[],
  providers: ReadonlyMap<ProviderCode, Provider>,
  context: ReadContext,
): Promise<ReadonlyMap<string, Transaction | Error>> {
  const found = new Map<string, Transaction | Error>();
  const [key] = keys;
  const book = key && providers.get(key.account.provider)?.transactions.get(key.ledger);
  if (key === undefined || book === undefined) return found;
  const wanted = new Set(keys.map(({ providerTransactionId }) => providerTransactionId));
  const fromSecond = key.createdSecond;
  // An upstream that compares exactly leaves a row with a fraction out of a range that ends with its second.
  const toSecond = keys.some(({ hasFraction }) => hasFraction) ? fromSecond + 1 : fromSecond;
  try {
    let seenCount = 0;
    for (let pageNumber = 1; wanted.size > 0; pageNumber++) {
      const range = { fromSecond, toSecond };
      const page = await book.page(key.account, {}, range, pageNumber, book.pageSizeMax, context);
      const { rows, rowCount } = page.value;
      for (const row of rows) {
        if (wanted.delete(row.providerTransactionId)) found.set(row.providerTransactionId, row);
      }
      seenCount += rows.length;
      if (rows.length === 0 || seenCount >= rowCount) break;
    }
  } catch (error) {
    const failure = toFailure(key, error);
    if (failure !== null) for (const id of wanted) found.set(id, failure);
  }
  return found;
}

function secondText(key: TransactionKey): string {
  return `${ledgerText(key.account, key.ledger)} ${key.createdSecond}`;
}

/** Null for an account nobody knows: its second is empty. */
function toFailure({ account, ledger }: TransactionKey, error: unknown): Error | null {
  if (!(error instanceof Failure)) {
    return error instanceof Error
      ? error
      : new Error('A transaction could not be looked up.', { cause: error });
  }
  return error.code === 'ACCOUNT_NOT_FOUND' ? null : located(error, account.provider, ledger);
}
