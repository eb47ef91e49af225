import { transactionText } from '../../domain/global-id.ts';
import { instantText } from '../../domain/instant.ts';
import { ledgerText, rowText } from '../keys.ts';
import { type ListPage, toListPage } from '../list-page.ts';
import type { PageArguments } from '../pagination/page.ts';
import type { CursorSigner } from '../pagination/signed-cursor.ts';
import type { BalanceStatement, StatementEntry } from './balance-statement.ts';

/** A page of the entries of a statement, oldest first. Rejects with the cursor codes. */
export function readStatementEntries(
  { balance, openEnd, from, to, entries, sources }: BalanceStatement,
  args: PageArguments,
  signer: CursorSigner,
): ListPage<StatementEntry> {
  // Rows of one instant are in the order in which their balances follow from one another.
  const places = new Map(
    entries.map((entry, entryIndex) => [entry, entryIndex - firstOfInstant(entries, entryIndex)]),
  );
  return toListPage(
    {
      rows: entries,
      keyOf: (entry) => {
        const { createdAt } = entry.transaction;
        return [createdAt.second, createdAt.nano, places.get(entry) ?? 0, transactionText(entry.transaction)];
      },
      cursorBounds: () => ({
        name: ['statement', ledgerText(balance.account, balance.ledger), rowText(balance)],
        filter: [instantText(from), openEnd ? null : instantText(to)],
      }),
      sources,
    },
    args,
    signer,
  );
}

function firstOfInstant(entries: readonly StatementEntry[], entryIndex: number): number {
  const at = entries[entryIndex]?.transaction.createdAt;
  let first = entryIndex;
  for (; first > 0; first--) {
    const before = entries[first - 1]?.transaction.createdAt;
    if (before?.second !== at?.second || before?.nano !== at?.nano) break;
  }
  return first;
}
