import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import { judgePage } from '../../domain/page-evidence.ts';
import type { CountedPage } from '../../ports/page.ts';
import type {
  PageNumberFeed,
  ReadingOrder,
  SecondRange,
  TransactionQuery,
} from '../../ports/transaction-feed.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import { countsDisagree, pageNotHeeded, pagesTooSmall } from './counts-disagree.ts';
import type { ObservedOrder } from './observed-order.ts';
import { listOrderOf, mostInOneSecond, unordered } from './order.ts';
import type { PageSizes } from './page-choice.ts';

/** What is left of `rowsInSecond` with each page that shows fewer: a crowded second is forgotten after some dozens. */
const rowsInSecondFading = 0.97;

/** Ranges whose first row is kept, of all lists of a group. */
const firstRowsMax = 200;

/** One page as a walk sees it. */
export interface ListPage {
  readonly rows: readonly Transaction[];
  /** From 1. */
  readonly pageNumber: number;
  /** Rows of the range; where that is not counted, as many as anything says there are. */
  readonly rowCount: number;
  /** `total_items` of this reply. */
  readonly rowCountSaid: number;
  /** `total_pages` of this reply; null when it says none. */
  readonly pageCountSaid: number | null;
  /** Whether the page, `total_items` and `total_pages` agree; else only the pages that follow tell the end. */
  readonly isCounted: boolean;
  readonly asOfMs: number;
}

/** One upstream list that a walk reads: an account's ledger, narrowed by what the upstream can filter. */
export class UpstreamList {
  readonly account: AccountRef;
  readonly feed: PageNumberFeed;
  readonly query: TransactionQuery;
  readonly observed: ObservedOrder;
  readonly context: ReadContext;
  /** Oldest answer used, epoch milliseconds. */
  asOfMs: number | null = null;
  /** Why an earlier read had to stand in, when one did. */
  staleBecause: Failure | null = null;
  /** Why rows were left out, when some were: they are of another account. */
  leftOut: Failure | null = null;
  /** Rows of the largest page that this list gives. */
  pageSizeMax: number;
  /** The row that page 1 last began with, by what the list is narrowed to, and by that and the range. */
  private readonly firstRows: Map<string, string>;
  private orderSeen: ReadingOrder | null = null;

  constructor(
    account: AccountRef,
    feed: PageNumberFeed,
    query: TransactionQuery,
    observed: ObservedOrder,
    context: ReadContext,
    firstRows: Map<string, string> = new Map(),
  ) {
    this.account = account;
    this.feed = feed;
    this.query = query;
    this.observed = observed;
    this.context = context;
    this.firstRows = firstRows;
    this.pageSizeMax = observed.pageSizeMax ?? feed.pageSizeMax;
  }

  /** Pages are to be asked for no larger than this; by all walks where it is certain that the provider gives no larger ones. */
  shrinkPages(rowsOnPage: number, isCertain: boolean): void {
    this.pageSizeMax = Math.min(this.pageSizeMax, rowsOnPage);
    if (isCertain && rowsOnPage >= this.feed.pageSizeMin) this.observed.pageSizeMax = this.pageSizeMax;
  }

  /** The page sizes that mean what they say. Where even the smallest is larger than what comes, none does. */
  get sizes(): PageSizes {
    const { feed, pageSizeMax } = this;
    if (pageSizeMax < feed.pageSizeMin) throw pagesTooSmall(pageSizeMax);
    return { pageSizeMin: feed.pageSizeMin, pageSizeMax };
  }

  /**
   * Reads one page and checks what a walk relies on: rows inside the range that was asked for, in one order.
   * `again` refuses remembered answers, for a page that has to be read a second time because the list moved.
   */
  async page(range: SecondRange, pageNumber: number, pageSize: number, again = false): Promise<ListPage> {
    const context = again ? { ...this.context, maxAgeSeconds: 0 } : this.context;
    const reading = await this.feed.page(this.account, this.query, range, pageNumber, pageSize, context);
    const { rows } = reading.value;
    this.asOfMs = this.asOfMs === null ? reading.asOfMs : Math.min(this.asOfMs, reading.asOfMs);
    this.staleBecause ??= reading.staleBecause;
    for (const row of rows) {
      if (row.createdAt.nano > 0) this.observed.showsFractions = true;
      if (
        (range.toSecond !== null && row.createdAt.second > range.toSecond) ||
        (range.fromSecond !== null && row.createdAt.second < range.fromSecond)
      ) {
        throw new Failure(
          'UPSTREAM_SHAPE',
          'The provider returned transactions from outside the time range that was asked for, so the list cannot be walked.',
        );
      }
    }
    const page = this.toListPage(reading, pageNumber, pageSize);
    this.learnOthers(rows);
    this.learnOrder(rows);
    this.checkPageNumber(range, page, pageSize);
    const rowsInSecond = mostInOneSecond(rows);
    this.observed.rowsInSecond = Math.max(
      rowsInSecond,
      rowsInSecondFading * (this.observed.rowsInSecond ?? 0),
    );
    return page;
  }

  /** The row that begins a list begins none of its later pages, and is on no later page of any part of the list. */
  private checkPageNumber(range: SecondRange, page: ListPage, pageSize: number): void {
    const { order } = this.observed;
    const [firstRow] = page.rows;
    if (firstRow === undefined) return;
    const list = JSON.stringify(this.query);
    const listRange = JSON.stringify([this.query, range.fromSecond, range.toSecond]);
    if (page.pageNumber > 1) {
      const isPastEnd = page.isCounted && page.rowCount <= (page.pageNumber - 1) * pageSize;
      const beginsAgain = this.firstRows.get(listRange) === transactionText(firstRow);
      const listBegin = this.firstRows.get(list);
      const showsBegin = page.rows.some((row) => transactionText(row) === listBegin);
      if (!isPastEnd && (beginsAgain || showsBegin)) throw pageNotHeeded(page);
      return;
    }
    this.noteFirstRow(listRange, firstRow);
    if (order === null) return;
    // A provider that limits the span may cut a range with one bound at the other end.
    const isWhole = this.feed.spanSecondsMax === null || range.toSecond === range.fromSecond;
    const isStart = isWhole && (order === 'newest-first' ? range.toSecond : range.fromSecond) === null;
    if (isStart) this.noteFirstRow(list, firstRow);
  }

  /** Ranges are read one after the other: of a long list only the last ones are kept. */
  private noteFirstRow(key: string, row: Transaction): void {
    this.firstRows.delete(key);
    this.firstRows.set(key, transactionText(row));
    if (this.firstRows.size <= firstRowsMax) return;
    const list = JSON.stringify(this.query);
    for (const oldest of this.firstRows.keys()) {
      if (oldest === list) continue;
      this.firstRows.delete(oldest);
      break;
    }
  }

  private toListPage(
    { value, asOfMs }: Reading<CountedPage<Transaction>>,
    pageNumber: number,
    pageSize: number,
  ): ListPage {
    const { rows, rowCount, pageCount } = value;
    const rowsBefore = (pageNumber - 1) * pageSize;
    const rowsOnPage = rows.length;
    const said = { rowCountSaid: rowCount, pageCountSaid: pageCount };
    const page = { rows, pageNumber, rowCount, ...said, isCounted: true, asOfMs };
    const verdict = judgePage({ pageNumber, pageSize, rowsOnPage, rowCount, pageCount });
    if (verdict === 'capped') this.shrinkPages(rowsOnPage, false);
    // What comes for a page past the end says nothing about the list.
    const isPastEnd =
      rowCount <= rowsBefore && pageNumber > 1 && (pageCount === null || pageCount < pageNumber);
    if (isPastEnd || verdict !== 'unsure') return page;
    const byPages = pageCount === null || pageCount < 2 ? 0 : (pageCount - 1) * pageSize + 1;
    const byRows = rowsOnPage === 0 ? 0 : rowsBefore + rowsOnPage + Number(rowsOnPage === pageSize);
    const claimed = { ...page, rowCount: Math.max(rowCount, byPages, byRows), isCounted: false };
    if (rowsOnPage === 0 && pageNumber === 1) throw countsDisagree(claimed);
    return claimed;
  }

  /**
   * A page that may lie beyond the end of the list by now; null when the upstream refuses such a page number
   * (what it does there is documented nowhere).
   */
  async pageIfThere(
    range: SecondRange,
    pageNumber: number,
    pageSize: number,
    again = false,
  ): Promise<ListPage | null> {
    return pageNumber === 1
      ? this.page(range, pageNumber, pageSize, again)
      : this.pageUnlessRefused(range, pageNumber, pageSize, again);
  }

  /** A page of a range that the upstream may not take; null when it refuses it. */
  async pageUnlessRefused(
    range: SecondRange,
    pageNumber: number,
    pageSize: number,
    again = false,
  ): Promise<ListPage | null> {
    try {
      return await this.page(range, pageNumber, pageSize, again);
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  }

  /** Whether rows of the list that were not read can be counted: some of them may be of other accounts. */
  get isCountable(): boolean {
    return this.account.providerAccountId !== null || !this.observed.showsOthers;
  }

  /** Whether a row is of the account whose list it is on. */
  isOwn({ account }: Transaction): boolean {
    return account.providerAccountId === this.account.providerAccountId;
  }

  private learnOthers(rows: readonly Transaction[]): void {
    if (rows.every((row) => this.isOwn(row))) return;
    this.observed.showsOthers = true;
    this.leftOut ??= new Failure(
      'UPSTREAM_SHAPE',
      'The provider lists transactions of other accounts under its master account. They are left out here, and nobody ' +
        'knows how many there are; ask for them by the IDs of their accounts ("accountIds").',
      { retryable: false },
    );
  }

  private learnOrder(rows: readonly Transaction[]): void {
    const order = listOrderOf(rows);
    if (order === null) return;
    // A list that turns round while one walk reads it is in no order.
    if (this.orderSeen !== null && this.orderSeen !== order) throw unordered();
    this.orderSeen = order;
    this.observed.order = order;
  }
}

/** Whether the upstream understood the request and would not answer it. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Failure) || error.code !== 'UPSTREAM_REJECTED') return false;
  return error.details.notFromProvider !== true;
}
