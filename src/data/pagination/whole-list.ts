import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import { checkTwoPages } from './check-two-pages.ts';
import { cutWithoutBounds } from './counts-disagree.ts';
import { isOnlyPage, readLastPage } from './last-page.ts';
import type { ListPage } from './numbered-page.ts';
import { isAhead } from './order.ts';
import { chooseOverlappingPage } from './page-choice.ts';
import type { UpstreamList } from './upstream-list.ts';

const unbounded = { fromSecond: null, toSecond: null };

/** Seconds of two adjacent rows; null beyond an end of the list. */
interface Neighbours {
  readonly before: number | null;
  readonly after: number | null;
}

/**
 * A list without time bounds: shows where it has rows and where it has none. Read for one page request, so
 * that its findings hold for every row that was there the whole time.
 */
export class WholeList {
  private readonly source: UpstreamList;
  private firstPage: Promise<ListPage> | null = null;
  private lastPage: Promise<ListPage> | null = null;

  constructor(source: UpstreamList) {
    this.source = source;
  }

  /**
   * Second of the oldest row, which is on the first or on the last page, depending on the order. Null if
   * there are no rows. UPSTREAM_SHAPE if time ranges have shown older rows.
   */
  async oldestSecond(): Promise<number | null> {
    const seconds = secondsOf([...(await this.first()).rows, ...(await this.last()).rows]);
    const oldest = seconds.length === 0 ? null : Math.min(...seconds);
    await this.expectAllSeen(oldest);
    return oldest;
  }

  /** A row seen in a time range is on the list without bounds too, unless it was removed since. */
  private async expectAllSeen(oldest: number | null): Promise<void> {
    const { source } = this;
    const seen = source.oldestSecondSeen;
    if (seen === null || (oldest !== null && seen >= oldest)) return;
    const range = { fromSecond: seen, toSecond: seen + 1 };
    const page = await source.pageUnlessRefused(range, 1, source.feed.pageSizeMin, true);
    if (page !== null && page.rows.length > 0) throw cutWithoutBounds(source.feed.spanSecondsMax);
  }

  /**
   * Second of the next row in `order`, from `second` (inclusive) on; null if there is none. If the list moved
   * too much to know, or `callsMax` is not enough, `second` itself, because a row may be there.
   */
  async nextSecond(order: ReadingOrder, second: number, callsMax: number): Promise<number | null> {
    await this.oldestSecond();
    const first = secondsOf((await this.first()).rows);
    const last = secondsOf((await this.last()).rows);
    const [top, bottom] = [first[0], last.at(-1)];
    if (top === undefined || bottom === undefined) return null;
    const listOrder: ReadingOrder = top >= bottom ? 'newest-first' : 'oldest-first';
    // The needed side of the crossing follows it if the list is in the requested order.
    const isAfter = listOrder === order;
    const isBeyond = (other: number) => {
      const isReached = !isAhead(order, other, second);
      return isAfter ? isReached : !isReached;
    };
    const found = await this.crossing(isBeyond, callsMax);
    if (found === null) return second;
    return isAfter ? found.after : found.before;
  }

  /**
   * The two rows between which `isBeyond` becomes true along the list. Both must be in one reply, so that no
   * row can have been between them; null if not found.
   */
  private async crossing(
    isBeyond: (second: number) => boolean,
    callsMax: number,
  ): Promise<Neighbours | null> {
    const first = await this.first();
    const last = await this.last();
    const { pageSizeMax } = this.source.sizes;
    const early = neighboursOn(first, isBeyond, true, first === last);
    if (early !== null) return early;
    const late = neighboursOn(last, isBeyond, false, true);
    if (late !== null) return late;
    let low = 1;
    let high = Math.ceil(last.rowCount / pageSizeMax);
    if (Math.ceil(Math.log2(Math.max(1, high - low))) > callsMax) return null;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const page = await this.source.pageIfThere(unbounded, middle, pageSizeMax);
      const found = page === null ? null : neighboursOn(page, isBeyond, false, false);
      if (found !== null) return found;
      const [row] = page?.rows ?? [];
      if (row === undefined || isBeyond(row.createdAt.second)) high = middle;
      else low = middle;
    }
    const choice = chooseOverlappingPage(low * pageSizeMax, 1, this.source.sizes);
    const page = await this.source.pageIfThere(unbounded, choice.pageNumber, choice.pageSize);
    return page === null ? null : neighboursOn(page, isBeyond, false, false);
  }

  private first(): Promise<ListPage> {
    this.firstPage ??= this.source.page(unbounded, 1, this.source.feed.pageSizeMax);
    return this.firstPage;
  }

  private last(): Promise<ListPage> {
    this.lastPage ??= this.readLast();
    return this.lastPage;
  }

  private async readLast(): Promise<ListPage> {
    const { source } = this;
    const first = await this.first();
    if (first.rows.length >= first.rowCount) return first;
    const isWhole = !first.isCounted && (await isOnlyPage(source, unbounded, first, source.feed.pageSizeMax));
    if (isWhole) return first;
    const last = await readLastPage(source, unbounded, first);
    await checkTwoPages(source, unbounded, first, last);
    return last;
  }
}

/** The neighbours on a page; beyond a page's end there are others, unless the list ends there. */
function neighboursOn(
  page: ListPage,
  isBeyond: (second: number) => boolean,
  isFirst: boolean,
  isLast: boolean,
): Neighbours | null {
  const seconds = secondsOf(page.rows);
  const at = seconds.findIndex(isBeyond);
  const before = seconds.at(at === -1 ? -1 : at - 1) ?? null;
  if (at === -1) return isLast ? { before, after: null } : null;
  if (at === 0) return isFirst ? { before: null, after: seconds[0] ?? null } : null;
  return { before, after: seconds[at] ?? null };
}

function secondsOf(rows: readonly Transaction[]): number[] {
  return rows.map(({ createdAt }) => createdAt.second);
}
