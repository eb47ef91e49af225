import { createTransactionPaginator, type TransactionPaginator } from '../../src/data/pagination/index.ts';
import type { PageArguments, TransactionPage, TransactionSelection } from '../../src/data/pagination/page.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import type { Provider } from '../../src/ports/provider.ts';
import type { TransactionFeed } from '../../src/ports/transaction-feed.ts';
import type { ReadContext } from '../../src/ports/upstream.ts';
import { aReadContext } from './read-context.ts';

/** The current time in tests: 2026-06-01T00:00:00Z. */
export const nowMs = Date.UTC(2026, 5, 1);

/** A context of one operation. */
export function makeContext(): ReadContext {
  return aReadContext();
}

/** A paginator over a provider that has only these transaction feeds. */
export function walkerOver(...books: TransactionFeed[]): TransactionPaginator {
  const provider: Provider = {
    code: 'UQPAY',
    name: 'UQPAY',
    environment: 'EMBEDDED',
    ledgers: books.map((book) => book.ledger),
    accounts: { master: () => Promise.reject(new Error('not asked')), connected: () => nothing() },
    balances: new Map(),
    transactions: new Map(books.map((book) => [book.ledger, book])),
  };
  return createTransactionPaginator({
    providers: [provider],
    signer: createCursorSigner(Buffer.from('a secret of the tests only')),
    clock: { now: () => nowMs, sleep: () => Promise.resolve() },
  });
}

async function* nothing() {}

/** All transactions of the master account, narrowed. */
export function selectionOf(narrowed: Partial<TransactionSelection> = {}): TransactionSelection {
  return {
    accounts: [{ ref: { provider: 'UQPAY', providerAccountId: null }, ledgers: null }],
    ledgers: null,
    currencies: null,
    types: null,
    statuses: null,
    referenceIds: null,
    directions: null,
    createdFrom: null,
    createdTo: null,
    ...narrowed,
  };
}

/** Arguments of a forward page. */
export function first(size: number, after: string | null = null): PageArguments {
  return { direction: 'forward', size, cursor: after, until: null, wantsTotal: false };
}

/** Arguments of a backward page. */
export function last(size: number, before: string | null = null): PageArguments {
  return { direction: 'backward', size, cursor: before, until: null, wantsTotal: false };
}

/** Identifiers of a page's rows. */
export function idsOf(page: TransactionPage): string[] {
  return page.rows.map((row) => row.providerTransactionId);
}
