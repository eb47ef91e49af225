import type { AccountRef } from '../../src/domain/model.ts';
import type { UpstreamPage } from '../../src/ports/page.ts';
import type { UnreadableField } from '../../src/ports/provider-log.ts';
import type {
  SecondRange,
  TransactionPageRequest,
  TransactionQuery,
} from '../../src/ports/transaction-feed.ts';
import type { Reading } from '../../src/ports/upstream.ts';
import { createUqpay, type UqpayConfig } from '../../src/providers/uqpay/index.ts';
import { startUqpaySandbox, type UqpaySandboxOptions } from '../../src/sandbox/uqpay/index.ts';
import { createGotHttp } from '../../src/upstream/http/got-http.ts';
import { createMemoryTokenStore, createParsedReplyCache, createUpstream } from '../../src/upstream/index.ts';
import { aReadContext } from '../support/read-context.ts';
import { createManualClock } from '../unit/upstream/manual-clock.ts';

export const master = { provider: 'UQPAY', providerAccountId: null } as const;
const wholeTime: SecondRange = { fromSecond: null, toSecond: null };

/** The first ten rows of a list. */
export function firstPage(
  account: AccountRef,
  query: TransactionQuery = {},
  range: SecondRange = wholeTime,
): TransactionPageRequest {
  return { account, query, range, pageNumber: 1, pageSize: 10 };
}

/** An empty sandbox and the adapter over it, on one clock that only the test (or a retry) advances. */
export async function startAdapter(options: UqpaySandboxOptions = {}, config: Partial<UqpayConfig> = {}) {
  const clock = createManualClock(Date.parse('2026-06-15T08:00:10Z'));
  const sandbox = await startUqpaySandbox({
    seed: 'empty',
    rateLimitPerMinute: null,
    ...options,
    now: clock.now,
  });
  const http = createGotHttp({
    connectTimeoutMs: 2_000,
    requestTimeoutMs: 5_000,
    replyBytesMax: 4_000_000,
    maxSockets: 32,
  });
  const { clientId, apiKey, baseUrl, control } = sandbox;
  const pair = { clientId, apiKey };
  const unreadable: UnreadableField[] = [];
  const provider = createUqpay(
    { baseUrl, environment: 'EMBEDDED', lines: { banking: pair, issuing: pair, payment: pair }, ...config },
    {
      http,
      clock,
      upstream: createUpstream({ clock, random: () => 0 }),
      tokens: createMemoryTokenStore({ clock, random: () => 0 }),
      replies: createParsedReplyCache(8_000_000),
      log: { unreadable: (field) => unreadable.push(field) },
    },
  );
  const meter = { calls: 0 };
  const context = aReadContext({ maxAgeSeconds: 0, meter });
  return {
    ...{ sandbox, control, provider, clock, context, meter, unreadable },
    banking: bookOf(provider.balances, 'BANKING'),
    issuing: bookOf(provider.balances, 'ISSUING'),
    payment: bookOf(provider.balances, 'PAYMENT'),
    bankingRows: bookOf(provider.transactions, 'BANKING'),
    issuingRows: bookOf(provider.transactions, 'ISSUING'),
    /** Data calls that the sandbox received, without token calls. */
    dataCalls: () => control.calls().filter(({ path }) => path !== '/v1/connect/token'),
    async close() {
      http.close();
      await sandbox.close();
    },
  };
}

export type Adapter = Awaited<ReturnType<typeof startAdapter>>;

function bookOf<Key, Book>(books: ReadonlyMap<Key, Book>, key: Key): Book {
  const book = books.get(key);
  if (book === undefined) throw new Error(`no book for ${String(key)}`);
  return book;
}

/** All rows of a list, in order. */
export async function readAll<Row>(pages: AsyncIterable<Reading<UpstreamPage<Row>>>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { value } of pages) rows.push(...value.rows);
  return rows;
}
