import { transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import type { PageNumberFeed, SecondRange, TransactionQuery } from '../../ports/transaction-feed.ts';
import { pageNotHeeded } from './counts-disagree.ts';
import type { ListPage } from './numbered-page.ts';
import type { ObservedOrder } from './observed-order.ts';

/** Ranges whose first row is stored, over all lists of a group. */
const firstRowsMax = 200;

/** The list that a page belongs to. */
interface NotedList {
  readonly query: TransactionQuery;
  readonly feed: PageNumberFeed;
  readonly observed: ObservedOrder;
}

/** Observations from the pages of a group's lists, shared by all readings of one page. */
export class SeenRows {
  /** The row that page 1 last began with, by the list's filter, and by filter and range. */
  private readonly firstRows = new Map<string, string>();
  /** Second of the oldest row, by the list's filter. */
  private readonly oldestSeconds = new Map<string, number>();
  /** Page 1 of the last range, by the list's filter. */
  private readonly firstPages = new Map<string, ListPage>();

  /** Page 1 of the last range read of a list; null while there is none. */
  firstPageOf(query: TransactionQuery): ListPage | null {
    return this.firstPages.get(JSON.stringify(query)) ?? null;
  }

  /** Second of the oldest row seen in any range of a list; null while there is none. */
  oldestSecondOf(query: TransactionQuery): number | null {
    return this.oldestSeconds.get(JSON.stringify(query)) ?? null;
  }

  /**
   * Records a page. UPSTREAM_SHAPE if it shows that page numbers are ignored: the first row of a list cannot
   * be the first row of a later page, or on a later page of any part of the list.
   */
  note(
    { query, feed, observed }: NotedList,
    { fromSecond, toSecond }: SecondRange,
    page: ListPage,
    pageSize: number,
  ): void {
    const { order } = observed;
    const [firstRow] = page.rows;
    if (firstRow === undefined) return;
    const list = JSON.stringify(query);
    const listRange = JSON.stringify([query, fromSecond, toSecond]);
    const seconds = page.rows.map(({ createdAt }) => createdAt.second);
    this.oldestSeconds.set(
      list,
      Math.min(...seconds, this.oldestSeconds.get(list) ?? firstRow.createdAt.second),
    );
    if (page.pageNumber > 1) {
      const isPastEnd = page.isCounted && page.rowCount <= (page.pageNumber - 1) * pageSize;
      const beginsAgain = this.firstRows.get(listRange) === transactionText(firstRow);
      const listBegin = this.firstRows.get(list);
      const showsBegin = page.rows.some((row) => transactionText(row) === listBegin);
      if (!isPastEnd && (beginsAgain || showsBegin)) throw pageNotHeeded(page);
      return;
    }
    this.firstPages.set(list, page);
    this.keepFirstRow(listRange, firstRow, list);
    if (order === null) return;
    // A provider that limits the span may cut off the open end of a range with one bound.
    const isWhole = feed.spanSecondsMax === null || toSecond === fromSecond;
    const isStart = isWhole && (order === 'newest-first' ? toSecond : fromSecond) === null;
    if (isStart) this.keepFirstRow(list, firstRow, list);
  }

  /** Ranges are read one after another, so only the last ones of a long list are kept. */
  private keepFirstRow(key: string, row: Transaction, list: string): void {
    this.firstRows.delete(key);
    this.firstRows.set(key, transactionText(row));
    if (this.firstRows.size <= firstRowsMax) return;
    for (const oldest of this.firstRows.keys()) {
      if (oldest === list) continue;
      this.firstRows.delete(oldest);
      break;
    }
  }
}
