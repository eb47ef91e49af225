import type { Transaction } from '../../src/domain/model.ts';
import type { TokenPage } from '../../src/ports/transaction-feed.ts';
import type { Reading } from '../../src/ports/upstream.ts';
import { type IbaneraAdapter, master } from './ibanera-adapter.fixture.ts';

/** Pages to the end, newest first; `between` runs after each page. */
export async function walk({ provider, context }: IbaneraAdapter, between: () => void = () => {}) {
  const rows: Transaction[] = [];
  let pageToken: string | null = null;
  do {
    const page: Reading<TokenPage> | undefined = await provider.transactions
      .get('ASSET')
      ?.page(master, 'newest-first', pageToken, context);
    if (page === undefined) throw new Error('transactions are off');
    rows.push(...page.value.rows);
    pageToken = page.value.nextPageToken;
    between();
  } while (pageToken !== null);
  return rows;
}

/** A time in the format of the rows. */
export const minutesAgo = (adapter: IbaneraAdapter, minutes: number) =>
  new Date(adapter.clock.now() - minutes * 60_000).toISOString();
export const idsOf = (rows: readonly Transaction[]) => rows.map((row) => row.providerTransactionId);

/** Two asset accounts whose rows interleave. */
export function fill(adapter: IbaneraAdapter, counts: readonly number[]): string[] {
  const all: { id: number; minutes: number }[] = [];
  for (const [accountIndex, count] of counts.entries()) {
    const { id: AccountsId } = adapter.control.addAccount({ asset: accountIndex === 0 ? 'USD' : 'ETH' });
    for (let index = 0; index < count; index += 1) {
      const minutes = 10 + index * (accountIndex + 2) * 2 + accountIndex;
      const DateTime = minutesAgo(adapter, minutes);
      all.push({ id: adapter.control.insertTransaction({ AccountsId, DateTime }).Id, minutes });
    }
  }
  return all.sort((a, b) => a.minutes - b.minutes).map(({ id }) => String(id));
}
