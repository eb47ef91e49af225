import { Failure } from '../../domain/failure.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import { judgePage } from '../../domain/page-evidence.ts';
import type { CountedPage } from '../../ports/page.ts';
import type {
  PageNumberFeed,
  ReadingOrder,
  SecondRange,
  TransactionQuery,
} from '../../ports/transaction-feed.ts';
import { type ReadContext, type Reading, withoutCache } from '../../ports/upstream.ts';
import { countsDisagree, pagesTooSmall } from './counts-disagree.ts';
import type { ListPage } from './numbered-page.ts';
import type { ObservedOrder } from './observed-order.ts';
import { listOrderOf, mostInOneSecond, unordered } from './order.ts';
import type { PageSizes } from './page-choice.ts';
import { SeenRows } from './seen-rows.ts';

/**
 * Factor for `rowsInSecond` with each page that shows fewer: a crowded second stops counting after some dozen
 * pages.
 */
const rowsInSecondFading = 0.97;

/** One upstream list: an account's ledger, with the filters that the upstream applies. */
export class UpstreamList {
  readonly account: AccountRef;
  readonly feed: PageNumberFeed;
  readonly query: TransactionQuery;
  readonly observed: ObservedOrder;
  readonly context: ReadContext;
  /** Oldest reply used, epoch milliseconds. */
  asOfMs: number | null = null;
  /** Why an older read was served instead; null if none was. */
  staleBecause: Failure | null = null;
  /** Why rows were left out, if some were: they belong to another account. */
  leftOut: Failure | null = null;
  /** Rows of the largest page that this list returns. */
  pageSizeMax: number;
  /** Observations from readings of this list and of others in its group. */
  private readonly seen: SeenRows;
  private orderSeen: ReadingOrder | null = null;

  constructor(
    account: AccountRef,
    feed: PageNumberFeed,
    query: TransactionQuery,
    observed: ObservedOrder,
    context: ReadContext,
    seen = new SeenRows(),
  ) {
    this.account = account;
    this.feed = feed;
    this.query = query;
    this.observed = observed;
    this.context = context;
    this.seen = seen;
    this.pageSizeMax = observed.pageSizeMax ?? feed.pageSizeMax;
  }

  /** Largest page to request; for all requests once it is certain that the provider returns no larger ones. */
  shrinkPages(rowsOnPage: number, isCertain: boolean): void {
    this.pageSizeMax = Math.min(this.pageSizeMax, rowsOnPage);
    if (isCertain && rowsOnPage >= this.feed.pageSizeMin) this.observed.pageSizeMax = this.pageSizeMax;
  }

  /**
   * The page sizes that the provider respects; none if even the smallest is larger than the pages it returns.
   */
  get sizes(): PageSizes {
    const { feed, pageSizeMax } = this;
    if (pageSizeMax < feed.pageSizeMin) throw pagesTooSmall(pageSizeMax);
    return { pageSizeMin: feed.pageSizeMin, pageSizeMax };
  }

  /**
   * Reads one page and checks what readers rely on: rows inside the requested range, in one order. `again`
   * refuses cached reads, for a page that has to be read again because the list moved.
   */
  async page(range: SecondRange, pageNumber: number, pageSize: number, again = false): Promise<ListPage> {
    const context = again ? withoutCache(this.context) : this.context;
    const { account, query } = this;
    const reading = await this.feed.page({ account, query, range, pageNumber, pageSize }, context);
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
          'The provider returned transactions from outside the requested time range, so the list cannot be paged.',
        );
      }
    }
    const page = this.toListPage(reading, pageNumber, pageSize);
    this.learnOthers(rows);
    this.learnOrder(rows);
    this.seen.note(this, range, page, pageSize);
    const rowsInSecond = mostInOneSecond(rows);
    this.observed.rowsInSecond = Math.max(
      rowsInSecond,
      rowsInSecondFading * (this.observed.rowsInSecond ?? 0),
    );
    return page;
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
    const page = { rows, pageNumber, startIndex: rowsBefore, rowCount, ...said, isCounted: true, asOfMs };
    const verdict = judgePage({ pageNumber, pageSize, rowsOnPage, rowCount, pageCount });
    if (verdict === 'capped') this.shrinkPages(rowsOnPage, false);
    // The reply for a page past the end says nothing about the list.
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
   * A page that may by now be beyond the end of the list; null if the upstream refuses such a page number
   * (its behaviour there is undocumented).
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

  /** A page of a range that the upstream may not accept; null if it refuses. */
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

  /** Second of the oldest row seen in any range; null while none was. */
  get oldestSecondSeen(): number | null {
    return this.seen.oldestSecondOf(this.query);
  }

  /** Page 1 of the last range read; null while none was. */
  get firstPageSeen(): ListPage | null {
    return this.seen.firstPageOf(this.query);
  }

  /** Whether unread rows of the list can be counted: some of them may belong to other accounts. */
  get isCountable(): boolean {
    return this.account.providerAccountId !== null || !this.observed.showsOthers;
  }

  /** Whether a row belongs to the account whose list it is on. */
  isOwn({ account }: Transaction): boolean {
    return account.providerAccountId === this.account.providerAccountId;
  }

  private learnOthers(rows: readonly Transaction[]): void {
    if (rows.every((row) => this.isOwn(row))) return;
    this.observed.showsOthers = true;
    this.leftOut ??= new Failure(
      'UPSTREAM_SHAPE',
      'The provider lists transactions of other accounts under its master account. They are left out here, and it is ' +
        'unknown how many there are; ask for them by the IDs of their accounts ("accountIds").',
      { retryable: false },
    );
  }

  private learnOrder(rows: readonly Transaction[]): void {
    const order = listOrderOf(rows);
    if (order === null) return;
    // A list that reverses its order while it is read has no order.
    if (this.orderSeen !== null && this.orderSeen !== order) throw unordered();
    this.orderSeen = order;
    this.observed.order = order;
  }
}

/** Whether the upstream understood the request and refused it. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Failure) || error.code !== 'UPSTREAM_REJECTED') return false;
  return error.details.notFromProvider !== true;
}
