import type { Transaction } from '../../src/domain/model.ts';
import type { ReadingOrder } from '../../src/ports/transaction-feed.ts';
import { createNoah, type NoahConfig } from '../../src/providers/noah/index.ts';
import { type NoahSandboxOptions, startNoahSandbox } from '../../src/sandbox/noah/index.ts';
import { createGotHttp } from '../../src/upstream/http/got-http.ts';
import { createUpstream } from '../../src/upstream/index.ts';
import { aReadContext } from '../support/read-context.ts';
import { createManualClock } from '../unit/upstream/manual-clock.ts';
import { readAll } from './ibanera-adapter.fixture.ts';

export { readAll } from './ibanera-adapter.fixture.ts';

export const master = { provider: 'NOAH', providerAccountId: null } as const;

/** An empty sandbox and the adapter over it, on one clock that only the test (or a retry) advances. */
export async function startNoahAdapter(options: NoahSandboxOptions = {}, config: Partial<NoahConfig> = {}) {
  const clock = createManualClock();
  const sandbox = await startNoahSandbox({ seed: 'empty', ...options, now: clock.now });
  const http = createGotHttp({
    ...{ connectTimeoutMs: 2_000, requestTimeoutMs: 5_000, replyBytesMax: 4_000_000, maxSockets: 32 },
  });
  const { baseUrl, apiKey, signingKeyPem, control } = sandbox;
  const provider = createNoah(
    { baseUrl, apiKey, signingKeyPem, environment: 'EMBEDDED', ...config },
    { http, clock, upstream: createUpstream({ clock, random: () => 0 }) },
  );
  const context = aReadContext({ maxAgeSeconds: 0 });
  const balances = provider.balances.get('CURRENT');
  if (balances === undefined) throw new Error('no book of balances');
  const tokenBook = provider.transactions.get('CURRENT');
  if (tokenBook === undefined) throw new Error('NOAH lists no transactions');
  return {
    ...{ sandbox, control, provider, balances, tokenBook, clock, context },
    readBalances: () => readAll(balances.list(master, context)),
    /** Every page of the transactions, first to last. */
    async readTransactions(order: ReadingOrder): Promise<Transaction[]> {
      const rows: Transaction[] = [];
      let pageToken: string | null = null;
      do {
        const { value } = await tokenBook.page(master, order, pageToken, context);
        rows.push(...value.rows);
        pageToken = value.nextPageToken;
      } while (pageToken !== null);
      return rows;
    },
    async close() {
      http.close();
      await sandbox.close();
    },
  };
}
