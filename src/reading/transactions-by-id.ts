import DataLoader from 'dataloader';
import { Failure } from '../domain/failure.ts';
import type { TransactionKey } from '../domain/global-id.ts';
import type { Transaction } from '../domain/model.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadContext } from '../ports/upstream.ts';
import { ledgerText } from './keys.ts';

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
      const seconds = Map.groupBy(keys, secondText);
      const found = new Map<string, ReadonlyMap<string, Transaction> | Error>();
      await Promise.all(
        Array.from(seconds, async ([second, wanted]) => {
          found.set(second, await findInSecond(wanted, providers, context).catch(toError));
        }),
      );
      return keys.map((key) => {
        const rows = found.get(secondText(key));
        return rows instanceof Error ? rows : (rows?.get(key.providerTransactionId) ?? null);
      });
    },
    { cacheKeyFn: (key) => `${secondText(key)} ${key.providerTransactionId}` },
  );
  return { one: (key) => loader.load(key) };
}

/** Rows wanted of one second, by the provider's identifier; reads that second's pages until all are found. */
async function findInSecond(
  keys: readonly TransactionKey[],
  providers: ReadonlyMap<ProviderCode, Provider>,
  context: ReadContext,
): Promise<ReadonlyMap<string, Transaction>> {
  const found = new Map<string, Transaction>();
  const first = keys[0];
  const book = first && providers.get(first.account.provider)?.transactions.get(first.ledger);
  if (first === undefined || book === undefined) return found;
  const wanted = new Set(keys.map((key) => key.providerTransactionId));
  const fromSecond = first.createdSecond;
  // An upstream that compares exactly leaves a row with a fraction out of a range that ends with its second.
  const toSecond = keys.some((key) => key.hasFraction) ? fromSecond + 1 : fromSecond;
  const range = { fromSecond, toSecond };
  let seenCount = 0;
  for (let pageNumber = 1; wanted.size > 0; pageNumber++) {
    const reading = await book.page(first.account, {}, range, pageNumber, book.pageSizeMax, context);
    const { rows, rowCount } = reading.value;
    for (const row of rows) {
      if (wanted.delete(row.providerTransactionId)) found.set(row.providerTransactionId, row);
    }
    seenCount += rows.length;
    if (rows.length === 0 || seenCount >= rowCount) break;
  }
  return found;
}

function secondText(key: TransactionKey): string {
  return `${ledgerText(key.account, key.ledger)} ${key.createdSecond}`;
}

/** An account nobody knows has no transactions: its second is empty. */
function toError(error: unknown): ReadonlyMap<string, Transaction> | Error {
  if (error instanceof Failure && error.code === 'ACCOUNT_NOT_FOUND') return new Map();
  return error instanceof Error
    ? error
    : new Error('A transaction could not be looked up.', { cause: error });
}
