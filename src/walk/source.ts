import { Failure } from '../domain/failure.ts';
import type { AccountRef, Transaction } from '../domain/model.ts';
import type { PageNumberBook, SecondRange, TransactionQuery } from '../ports/transaction-book.ts';
import type { ReadContext } from '../ports/upstream.ts';
import { mostInOneSecond, type NativeOrder, nativeOrderOf, unordered } from './order.ts';

/** What has been learned about a provider's list while reading it; shared by all walks of the process. */
export interface ListHabits {
  order: NativeOrder | null;
  /** Whether times with fractions of a second have been seen. */
  showsFractions: boolean;
  /** Most rows of one second that pages have shown, old pages counting ever less; null while none was seen. */
  rowsInSecond: number | null;
  /** What a range with one open bound means where the provider limits the span of both: all, or only so much. */
  openRange: 'unknown' | 'whole' | 'clipped';
  /** Whether the master account's list has been seen to show rows of other accounts. */
  showsOthers: boolean;
  /** Whether rows that have to lie within time bounds have been seen to come back. */
  heedsBounds: boolean;
}

/** Of a list that nothing is known of yet. */
export function newHabits(): ListHabits {
  return {
    order: null,
    showsFractions: false,
    rowsInSecond: null,
    openRange: 'unknown',
    heedsBounds: false,
    showsOthers: false,
  };
}

/** What is left of `rowsInSecond` with each page that shows fewer: a crowded second is forgotten after some dozens. */
const rowsInSecondFading = 0.97;

/** One page as a walk sees it. */
export interface ListPage {
  readonly rows: readonly Transaction[];
  readonly rowCount: number;
  readonly asOfMs: number;
}

/** One upstream list that a walk reads: an account's ledger, narrowed by what the upstream can filter. */
export class WalkSource {
  readonly account: AccountRef;
  readonly book: PageNumberBook;
  readonly query: TransactionQuery;
  readonly habits: ListHabits;
  readonly context: ReadContext;
  /** Oldest answer used, epoch milliseconds. */
  asOfMs: number | null = null;
  /** Why an earlier read had to stand in, when one did. */
  staleBecause: Failure | null = null;
  /** Why rows were left out, when some were: they are of another account. */
  leftOut: Failure | null = null;
  private orderSeen: NativeOrder | null = null;

  constructor(
    account: AccountRef,
    book: PageNumberBook,
    query: TransactionQuery,
    habits: ListHabits,
    context: ReadContext,
  ) {
    this.account = account;
    this.book = book;
    this.query = query;
    this.habits = habits;
    this.context = context;
  }

  /**
   * Reads one page and checks what a walk relies on: rows inside the range that was asked for, in one order.
   * `again` refuses remembered answers, for a page that has to be read a second time because the list moved.
   */
  async page(range: SecondRange, pageNumber: number, pageSize: number, again = false): Promise<ListPage> {
    const context = again ? { ...this.context, maxAgeSeconds: 0 } : this.context;
    const reading = await this.book.page(this.account, this.query, range, pageNumber, pageSize, context);
    const { rows, rowCount } = reading.value;
    this.asOfMs = this.asOfMs === null ? reading.asOfMs : Math.min(this.asOfMs, reading.asOfMs);
    this.staleBecause ??= reading.staleBecause;
    for (const row of rows) {
      if (row.createdAt.nano > 0) this.habits.showsFractions = true;
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
    if (rows.length > rowCount || (rows.length === 0 && rowCount > 0 && pageNumber === 1)) {
      throw new Failure(
        'UPSTREAM_SHAPE',
        'The provider returned a page whose rows do not agree with its own total_items.',
      );
    }
    this.learnOthers(rows);
    this.learnOrder(rows);
    const rowsInSecond = mostInOneSecond(rows);
    this.habits.rowsInSecond = Math.max(rowsInSecond, rowsInSecondFading * (this.habits.rowsInSecond ?? 0));
    return { rows, rowCount, asOfMs: reading.asOfMs };
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
    return this.account.providerAccountId !== null || !this.habits.showsOthers;
  }

  /** Whether a row is of the account whose list it is on. */
  isOwn({ account }: Transaction): boolean {
    return account.providerAccountId === this.account.providerAccountId;
  }

  private learnOthers(rows: readonly Transaction[]): void {
    if (rows.every((row) => this.isOwn(row))) return;
    this.habits.showsOthers = true;
    this.leftOut ??= new Failure(
      'UPSTREAM_SHAPE',
      'The provider lists transactions of other accounts under its master account. They are left out here, and nobody ' +
        'knows how many there are; ask for them by the IDs of their accounts ("accountIds").',
      { retryable: false },
    );
  }

  private learnOrder(rows: readonly Transaction[]): void {
    const order = nativeOrderOf(rows);
    if (order === null) return;
    // A list that turns round while one walk reads it is in no order.
    if (this.orderSeen !== null && this.orderSeen !== order) throw unordered();
    this.orderSeen = order;
    this.habits.order = order;
  }
}

/** Whether the upstream understood the request and would not answer it. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Failure) || error.code !== 'UPSTREAM_REJECTED') return false;
  return error.details.notFromProvider !== true;
}
