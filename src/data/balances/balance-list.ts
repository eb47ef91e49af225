import { foldCode } from '../../domain/currency-code.ts';
import type { Instant } from '../../domain/instant.ts';
import { accountText } from '../keys.ts';
import type { RowKey } from '../list-cursors.ts';
import { checkCursors, type ListPage, toListPage } from '../list-page.ts';
import type { PageArguments, WantedAccount } from '../pagination/page.ts';
import { type CursorSigner, sortedValues } from '../pagination/signed-cursor.ts';
import { oldestOf } from '../sources.ts';
import {
  type BalanceFilter,
  type BalanceSourcePorts,
  balanceRowKey,
  readBalanceSources,
  rowsAskedFor,
  timesOf,
} from './balance-sources.ts';
import type { ReadBalance } from './balances.ts';

/** A page of balances, and the oldest read behind it. */
export interface BalancePage extends ListPage<ReadBalance> {
  readonly asOf: Instant;
}

/** Dependencies for reading a page of balances. */
export interface BalanceListPorts extends BalanceSourcePorts {
  readonly signer: CursorSigner;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * A page of balances: account by account (provider, master account first, then the provider's identifier),
 * then by ledger and currency. Sources that fail are named in the page; rejects with the cursor codes.
 */
export async function readBalancePage(
  filter: BalanceFilter,
  args: PageArguments,
  ports: BalanceListPorts,
): Promise<BalancePage> {
  const cursorBounds = () => ({
    name: listName(filter.account),
    filter: [
      sortedValues(filter.providers),
      sortedValues(filter.accounts?.map(accountText) ?? null),
      sortedValues(filter.ledgers),
      sortedValues(filter.currencies?.map(foldCode) ?? null),
    ],
  });
  checkCursors(cursorBounds, args, ports.signer);
  const read = await readBalanceSources(filter, ports);
  const rows = read.flatMap((source) => rowsAskedFor(source, filter.currencies, ports));
  const page = toListPage(
    {
      rows,
      keyOf: balanceRowKey,
      cursorBounds,
      sources: read.map(({ outcome }) => outcome),
    },
    args,
    ports.signer,
  );
  const readMs = page.rows.length > 0 ? page.rows.map((row) => row.asOfMs) : read.flatMap(timesOf);
  return { ...page, asOf: oldestOf(readMs, ports.now()) };
}

function listName(account: WantedAccount | null): RowKey {
  return account === null ? ['balances'] : ['balances', accountText(account.ref)];
}
