import DataLoader from 'dataloader';
import { type TransactionKey, transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { accountText, ledgerText } from '../keys.ts';
import { findEach, findFromTheTop, findInSecond } from './find-transactions.ts';

/** The transactions one request looks up by id. */
export interface TransactionReads {
  /**
   * One transaction; null if its list has no such row. If the provider's list can be filtered by time, ids of
   * one account, ledger and second share calls: one for up to 100 rows in that second. Otherwise each costs a
   * call of the provider's route for one row or, without such a route, paging from the newest row to that
   * second, which ids of one ledger share. Rejects with the `Failure` that left it unknown.
   */
  one(key: TransactionKey): Promise<Transaction | null>;
}

/** Transaction lookups of one request. */
export function createTransactionReads(
  providers: ReadonlyMap<ProviderCode, Provider>,
  context: ReadContext,
): TransactionReads {
  const loader = new DataLoader<TransactionKey, Transaction | null, string>(
    async (keys) => {
      const found = new Map<TransactionKey, Transaction | Error>();
      await Promise.all(
        Array.from(Map.groupBy(keys, ledgerOf).values(), async (wanted) => {
          for (const [key, row] of await findInLedger(wanted, providers, context)) found.set(key, row);
        }),
      );
      return keys.map((key) => found.get(key) ?? null);
    },
    { cacheKeyFn: (key) => `${ledgerOf(key)} ${key.createdSecond} ${transactionText(key)}` },
  );
  return { one: (key) => loader.load(key) };
}

async function findInLedger(
  keys: readonly TransactionKey[],
  providers: ReadonlyMap<ProviderCode, Provider>,
  context: ReadContext,
): Promise<ReadonlyMap<TransactionKey, Transaction | Error>> {
  const [key] = keys;
  const feed = key && providers.get(key.account.provider)?.transactions.get(key.ledger);
  const found = new Map<TransactionKey, Transaction | Error>();
  if (feed === undefined) return found;
  const groups =
    feed.kind === 'page-number' || feed.one !== undefined
      ? [...Map.groupBy(keys, ({ createdSecond }) => createdSecond).values()]
      : [keys];
  await Promise.all(
    groups.map(async (group) => {
      const rows =
        feed.kind === 'page-number'
          ? await findInSecond(group, feed, context)
          : await (feed.one === undefined ? findFromTheTop : findEach)(group, feed, context);
      for (const wanted of group) {
        const row = rows.get(transactionText(wanted));
        if (row === undefined) continue;
        // An id includes the row's account and time: a row with another account or time is a different one.
        if (row instanceof Error || isRowOf(wanted, row)) found.set(wanted, row);
      }
    }),
  );
  return found;
}

function isRowOf({ account, createdSecond }: TransactionKey, row: Transaction): boolean {
  return row.createdAt.second === createdSecond && accountText(row.account) === accountText(account);
}

function ledgerOf(key: TransactionKey): string {
  return ledgerText(key.account, key.ledger);
}
