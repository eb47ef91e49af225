import { createHash } from 'node:crypto';
import { Failure } from '../../src/domain/failure.ts';
import type { AccountRef, Transaction } from '../../src/domain/model.ts';
import type { Ledger } from '../../src/domain/vocabulary.ts';
import type { PageTokenFeed, ReadingOrder, TokenPage } from '../../src/ports/transaction-feed.ts';
import type { ReadContext, Reading } from '../../src/ports/upstream.ts';

/** The undocumented behaviour of a simulated list by page token. */
export interface TokenListBehaviour {
  /** What a token means: the number of rows already read, or the last row read. */
  readonly tokens: 'offset' | 'row';
  readonly orders: readonly ReadingOrder[];
  readonly pageSize: number;
  /** Refuse the token of every nth call; 0 for never. */
  readonly refusesEvery: number;
  /** Whether some pages are empty. */
  readonly emptyPages: boolean;
}

/** A list by page token that moves: the test can change its data between any two calls. */
export class MovingTokenList implements PageTokenFeed {
  readonly kind = 'page-token';
  readonly ledger: Ledger;
  readonly pageSizeMax = 100;
  readonly pageRoute = { method: 'GET', path: '/transactions' } as const;
  readonly movesBalanceBy = 'currency';
  readonly orders: readonly ReadingOrder[];
  readonly behaviour: TokenListBehaviour;
  record: Transaction[] = [];
  calls = 0;
  beforeEachCall: (() => void) | null = null;
  private tokenCalls = 0;

  constructor(ledger: Ledger, behaviour: TokenListBehaviour) {
    this.ledger = ledger;
    this.behaviour = behaviour;
    this.orders = behaviour.orders;
  }

  async page(
    _account: AccountRef,
    order: ReadingOrder,
    pageToken: string | null,
    _context: ReadContext,
  ): Promise<Reading<TokenPage>> {
    this.beforeEachCall?.();
    if (++this.calls > 20_000) throw new Error('a walk that never ends');
    if (!this.orders.includes(order)) throw new Error(`asked for ${order}`);
    const { pageSize, refusesEvery, emptyPages } = this.behaviour;
    const rows = this.inOrder(order);
    const { start, isEmpty } =
      pageToken === null ? { start: 0, isEmpty: false } : this.open(rows, order, pageToken);
    if (pageToken !== null && refusesEvery > 0 && ++this.tokenCalls % refusesEvery === 0) {
      throw new Failure('CURSOR_INVALID', 'the token is not taken any more');
    }
    if (isEmpty) return reading([], this.tokenFor(rows, order, start, false));
    const page = rows.slice(start, start + pageSize);
    const end = start + page.length;
    const token = end >= rows.length ? null : this.tokenFor(rows, order, end, emptyPages);
    return reading(page, token);
  }

  private tokenFor(
    rows: readonly Transaction[],
    order: ReadingOrder,
    start: number,
    isEmpty: boolean,
  ): string {
    const last = rows[start - 1];
    return JSON.stringify({ order, start, last: last === undefined ? null : keyOf(last), isEmpty });
  }

  private open(
    rows: readonly Transaction[],
    order: ReadingOrder,
    pageToken: string,
  ): { start: number; isEmpty: boolean } {
    const token = JSON.parse(pageToken);
    if (token.order !== order) throw new Failure('CURSOR_INVALID', 'the token is of the other order');
    if (this.behaviour.tokens === 'offset') return token;
    const sign = order === 'newest-first' ? 1 : -1;
    const start = rows.findIndex((row) => sign * compareKeys(keyOf(row), token.last) > 0);
    return { start: start === -1 ? rows.length : start, isEmpty: token.isEmpty };
  }

  private inOrder(order: ReadingOrder): Transaction[] {
    const newestFirst = this.record
      .map((row) => ({ row, key: keyOf(row) }))
      .sort((a, b) => compareKeys(a.key, b.key))
      .map(({ row }) => row);
    return order === 'newest-first' ? newestFirst : newestFirst.reverse();
  }
}

type Key = readonly [second: number, nano: number, tie: string];

/** Newest first; rows of one instant in an order unrelated to their ids. */
function keyOf({ createdAt: { second, nano }, providerTransactionId }: Transaction): Key {
  return [second, nano, tieOf(providerTransactionId)];
}

const ties = new Map<string, string>();

function tieOf(id: string): string {
  const known = ties.get(id) ?? createHash('sha256').update(id).digest('hex');
  ties.set(id, known);
  return known;
}

function compareKeys(a: Key, b: Key): number {
  return b[0] - a[0] || b[1] - a[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
}

function reading(rows: readonly Transaction[], nextPageToken: string | null): Reading<TokenPage> {
  return { value: { rows, nextPageToken }, asOfMs: 0, staleBecause: null };
}
