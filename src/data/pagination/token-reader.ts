import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import { RepeatedPages } from '../../domain/repeated-pages.ts';
import type { PageTokenFeed, ReadingOrder, TokenPage } from '../../ports/transaction-feed.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { compareRowsIn, isAhead, listOrderOf, type Position, unordered } from './order.ts';
import type { RangeQuery } from './range-query.ts';
import type { RowReader } from './row-reader.ts';
import type { PageAnchor } from './transaction-cursor.ts';

/** A list by page token, as one account's ledger. */
export interface TokenList {
  readonly account: AccountRef;
  readonly feed: PageTokenFeed;
  readonly context: ReadContext;
}

/** The rows requested of a token list, and where to start looking for them. */
export interface TokenQuery extends Pick<RangeQuery, 'order' | 'fromSecond' | 'toSecond' | 'classify'> {
  /** Only rows strictly beyond it; null starts at the end of the window. */
  readonly start: Position | null;
  /** Page of the list from which `start` can be found again; null if none is known. */
  readonly from: PageAnchor | null;
}

/**
 * Longest page token that a cursor contains; a longer one is left out, and the list is read from its end
 * again.
 */
const pageTokenLengthMax = 2_000;

/** A page that was read: its token, and the second of its first row. */
interface PageSeen {
  readonly pageToken: string | null;
  readonly firstSecond: number;
}

/**
 * Reads a list by page token in the requested order. Rows are returned in whole seconds, like those of other
 * lists, so that rows of one second have one order, whatever order the provider returns them in.
 *
 * Reading continues at the page in the cursor if that page still begins before the cursor's second: then no
 * following row can precede it. If not, or if its token is refused, the list is read from its end. If the
 * list can only be read in the other order, rows are read up to the start and reversed.
 */
export class TokenReader implements RowReader {
  metRowsBehind = false;
  /** Why an older read was served instead; null if none was. */
  staleBecause: Failure | null = null;
  /** Lists by page token belong to one account. */
  readonly leftOut = null;
  private readonly list: TokenList;
  private readonly query: TokenQuery;
  private readonly order: ReadingOrder;
  /** Whether the rows are requested in the opposite of `order`. */
  private readonly isReversed: boolean;
  private nextPage: PageAnchor;
  private pages: PageSeen[] = [];
  private readonly tokensOpened = new Set<string | null>();
  private readonly seenIds = new Set<string>();
  private readonly repeatedPages = new RepeatedPages();
  /** Rows whose second may continue on the next page. */
  private pending: Transaction[] = [];
  private lastSecond: number | null = null;
  /** Matching rows in reading order. */
  private ready: Transaction[] = [];
  private nextReady = 0;
  private exhausted = false;

  constructor(list: TokenList, query: TokenQuery) {
    const { order: wantedOrder, start, from } = query;
    const { orders } = list.feed;
    this.list = list;
    this.query = query;
    // From the middle of a list, the newest row is more often near than the oldest.
    const isOffered = orders.includes(wantedOrder) && (start === null || wantedOrder === 'newest-first');
    const isKnown = from?.order === wantedOrder && orders.includes(wantedOrder);
    this.order = isOffered || isKnown ? wantedOrder : 'newest-first';
    this.isReversed = this.order !== wantedOrder;
    this.nextPage = { order: this.order, pageToken: isKnown && start !== null ? from.pageToken : null };
  }

  async peek(): Promise<Transaction | null> {
    while (!this.exhausted && (this.isReversed || this.nextReady >= this.ready.length)) await this.advance();
    return this.ready[this.nextReady] ?? null;
  }

  take(): Transaction {
    return this.ready[this.nextReady++] as Transaction;
  }

  remaining(): number | null {
    return this.exhausted ? this.ready.length - this.nextReady : null;
  }

  get isComplete(): boolean {
    return this.exhausted;
  }

  /**
   * The page from which a later reading finds `position` again; null if none was read, or its token is too
   * long to keep.
   */
  anchorOf(position: Position): PageAnchor | null {
    const page = this.pages.findLast(({ firstSecond }) => isAhead(this.order, firstSecond, position.second));
    const first = this.pages[0];
    if (page === undefined && first?.pageToken !== null) return null;
    const pageToken = page?.pageToken ?? null;
    return (pageToken?.length ?? 0) > pageTokenLengthMax ? null : { order: this.order, pageToken };
  }

  private async advance(): Promise<void> {
    const { pageToken } = this.nextPage;
    const page = await this.readPage(pageToken);
    if (page === null) return;
    this.tokensOpened.add(pageToken);
    const [first] = page.rows;
    if (first !== undefined) this.pages.push({ pageToken, firstSecond: first.createdAt.second });
    this.append(page.rows);
    const { nextPageToken } = page;
    const problem = this.repeatedPages.problemOf(page.rows.map((row) => transactionText(row)));
    if (nextPageToken !== null && problem !== null) throw endless(problem);
    if (nextPageToken !== null && this.tokensOpened.has(nextPageToken)) {
      throw endless('gives pages that were read already under its page tokens');
    }
    this.nextPage = { order: this.order, pageToken: nextPageToken };
    if (nextPageToken === null || this.isPastWindow()) this.finish();
    else this.release((row) => row.createdAt.second !== this.lastSecond);
  }

  /** One page; null if the page in the cursor proved useless, so that the list is read from its end. */
  private async readPage(pageToken: string | null): Promise<TokenPage | null> {
    const { account, feed, context } = this.list;
    const isResumed = pageToken !== null && this.tokensOpened.size === 0;
    try {
      const { value, staleBecause } = await feed.page(account, this.order, pageToken, context);
      if (!isResumed || this.beginsAheadOfStart(value)) {
        this.staleBecause ??= staleBecause;
        return value;
      }
    } catch (error) {
      const isLost = error instanceof Failure && error.code === 'CURSOR_INVALID';
      if (!isResumed || !isLost) throw error;
    }
    this.nextPage = { order: this.order, pageToken: null };
    return null;
  }

  private beginsAheadOfStart({ rows: [first] }: TokenPage): boolean {
    const { start } = this.query;
    return first !== undefined && start !== null && isAhead(this.order, first.createdAt.second, start.second);
  }

  /** Adds rows that were not read before. */
  private append(rows: readonly Transaction[]): void {
    const order = listOrderOf(rows);
    if (order !== null && order !== this.order) throw unordered();
    for (const row of rows) {
      const id = transactionText(row);
      if (this.seenIds.has(id)) continue;
      const { second } = row.createdAt;
      // The row was added after its position had been passed, and others added later pushed it here.
      if (this.lastSecond !== null && isAhead(this.order, second, this.lastSecond)) continue;
      this.seenIds.add(id);
      this.lastSecond = second;
      this.pending.push(row);
    }
  }

  /** Whether the list is past every row that can match. */
  private isPastWindow(): boolean {
    const end = this.order === 'newest-first' ? this.query.fromSecond : this.query.toSecond;
    return end !== null && this.lastSecond !== null && isAhead(this.order, end, this.lastSecond);
  }

  private finish(): void {
    this.release(() => true);
    this.exhausted = true;
    if (this.isReversed) this.ready.reverse();
  }

  private release(isWhole: (row: Transaction) => boolean): void {
    const rows = this.pending.filter(isWhole);
    if (rows.length === 0) return;
    this.pending = this.pending.filter((row) => !isWhole(row));
    rows.sort(compareRowsIn(this.order));
    const kept = this.ready.slice(this.nextReady);
    for (const row of rows) {
      const position = this.query.classify(row);
      if (position === 'wanted') kept.push(row);
      else if (position === 'behind') this.metRowsBehind = true;
    }
    this.ready = kept;
    this.nextReady = 0;
  }
}

function endless(problem: string): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider’s list of transactions ${problem}, so its end cannot be found. Check that the base URL is the ` +
      'provider’s API and not a server of sample replies; else ask the provider.',
  );
}
