import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder, SecondRange } from '../../ports/transaction-feed.ts';
import { checkTwoPages } from './check-two-pages.ts';
import { pageNotHeeded } from './counts-disagree.ts';
import { bringsNewRows, endNotFound, isOnlyPage, readLastPage } from './last-page.ts';
import type { ListPage } from './numbered-page.ts';
import type { ObservedOrder } from './observed-order.ts';
import { aimAtTail, type PageSizes } from './page-choice.ts';
import type { RangeQuery } from './range-query.ts';
import type { UpstreamList } from './upstream-list.ts';

const aimAttemptsMax = 8;

/** Rows assumed to share a second before any have been seen. */
const tiesUnknown = 20;
/** Rows beyond those needed: if no two share a second, and if a few do. */
const rooms = [1, 4];
/** Common page sizes, plus the one row that shows whether others follow. */
const needs = [11, 26, 51];

/**
 * How many rows to request to get `need` of them: one of three sizes or a whole page, with room for as many
 * rows of one second as the list has shown, since a second is returned whole or not at all. Rows that are not
 * shown are the most expensive part of a page, to send and to read. There are few sizes, so that callers who
 * need slightly more or fewer rows share a reply. A request for one row only needs the count.
 */
function toHeadSize(
  need: number,
  { pageSizeMin, pageSizeMax }: PageSizes,
  { rowsInSecond }: ObservedOrder,
): number {
  if (need <= 1) return pageSizeMax;
  const ties = rowsInSecond === null ? tiesUnknown : Math.max(1, Math.ceil(rowsInSecond));
  const room = rooms.find((rows) => rows >= ties) ?? Math.max(...rooms);
  const least = Math.max(pageSizeMin, need + ties);
  const size = needs.map((rows) => rows + room).find((rows) => rows >= least) ?? pageSizeMax;
  return Math.min(pageSizeMax, size);
}

/** A part of a list that begins at the edge where reading starts. */
export interface Chunk {
  readonly rows: readonly Transaction[];
  /** Rows of the range that lie further from the edge than this chunk; null if they are not counted. */
  readonly unread: number | null;
}

/** The second furthest from the edge. */
export function farthestSecond({ rows }: Chunk, order: ReadingOrder): number {
  const seconds = rows.map((row) => row.createdAt.second);
  return order === 'newest-first' ? Math.min(...seconds) : Math.max(...seconds);
}

/**
 * Finds the upstream page at one edge of a range: the first page if the upstream's own order begins there,
 * else the last one, chosen by the expected number of rows in the range and checked against the number in the
 * reply.
 */
export class RangePages {
  /** Rows expected in the next range; null if unknown. */
  expectedRowCount: number | null;
  private readonly source: UpstreamList;
  private readonly query: RangeQuery;
  /** Size of the next first page of a list. */
  private headSize: number;

  constructor(source: UpstreamList, query: RangeQuery) {
    this.source = source;
    this.query = query;
    this.expectedRowCount = query.expectedRowCount;
    // Rows from before the window show that the provider ignores its lower bound, so its count is not that of the window.
    const isDoubtful = query.wantsTotal && query.order === 'newest-first' && query.fromSecond !== null;
    // If rows are filtered or left out here, whole pages are read from the start.
    const isSifted = !query.countable || isDoubtful;
    const { feed, observed } = source;
    this.headSize = isSifted ? feed.pageSizeMax : toHeadSize(query.need, feed, observed);
  }

  /** One upstream page at the edge; null if the call only showed what to request instead. */
  read(bounds: SecondRange): Promise<Chunk | null> {
    const upstreamOrder = this.source.observed.order ?? 'newest-first';
    return upstreamOrder === this.query.order ? this.readHead(bounds) : this.readTail(bounds);
  }

  private async readHead(bounds: SecondRange): Promise<Chunk | null> {
    const orderBefore = this.source.observed.order;
    const asked = Math.min(this.headSize, Math.max(this.source.pageSizeMax, this.source.feed.pageSizeMin));
    const page = await this.source.page(bounds, 1, asked);
    // More rows are needed than expected.
    this.headSize = this.source.feed.pageSizeMax;
    const isWhole = page.isCounted
      ? page.rows.length >= page.rowCount
      : await isOnlyPage(this.source, bounds, page, asked);
    if (isWhole) return { rows: page.rows, unread: 0 };
    // A first page within one second says nothing about the order of the list; its last page does.
    if (this.source.observed.order === null) {
      this.learnOrder(page, await readLastPage(this.source, bounds, page));
    }
    const assumed = orderBefore ?? 'newest-first';
    if ((this.source.observed.order ?? assumed) !== assumed) {
      this.expectedRowCount = page.rowCount;
      return null;
    }
    return { rows: page.rows, unread: page.isCounted ? page.rowCount - page.rows.length : null };
  }

  /**
   * Learns the order of a list from its two ends; nothing if they share a second, because all rows between
   * them do too.
   */
  private learnOrder(firstPage: ListPage, lastPage: ListPage): void {
    const top = firstPage.rows[0]?.createdAt.second;
    const bottom = lastPage.rows.at(-1)?.createdAt.second;
    if (top === undefined || bottom === undefined || top === bottom) return;
    this.source.observed.order = top > bottom ? 'newest-first' : 'oldest-first';
  }

  private async readTail(bounds: SecondRange): Promise<Chunk | null> {
    const assumed = this.source.observed.order ?? 'newest-first';
    const seen: ListPage[] = [];
    for (let attempt = 0; attempt < aimAttemptsMax; attempt++) {
      const expected = this.expectedRowCount;
      const { sizes } = this.source;
      const choice =
        expected === null || expected <= 0
          ? { pageNumber: 1, pageSize: sizes.pageSizeMax, firstRowIndex: 0 }
          : aimAtTail(expected, this.query.need, sizes);
      const page = await this.source.pageIfThere(bounds, choice.pageNumber, choice.pageSize, attempt > 0);
      if (page === null) {
        this.expectedRowCount = null;
        continue;
      }
      seen.push(page);
      if ((this.source.observed.order ?? assumed) !== assumed) return null;
      if (!page.isCounted) return this.readUncountedTail(bounds);
      this.expectedRowCount = page.rowCount;
      // A later page that counts no rows may be counting only its own.
      if (page.rowCount === 0 && choice.pageNumber === 1) return { rows: [], unread: 0 };
      const reachesEnd = choice.firstRowIndex + page.rows.length === page.rowCount;
      if (page.rows.length === 0 || !reachesEnd) continue;
      const { firstPageSeen } = this.source;
      if (firstPageSeen !== null) await checkTwoPages(this.source, bounds, firstPageSeen, page);
      // A last page within one second does not show which end of the list it is either.
      if (this.source.observed.order === null && choice.firstRowIndex > 0) {
        const first = await this.source.page(bounds, 1, sizes.pageSizeMax);
        if (choice.firstRowIndex >= first.rows.length && !bringsNewRows(first, page))
          throw pageNotHeeded(page);
        this.learnOrder(first, page);
        if ((this.source.observed.order ?? assumed) !== assumed) return null;
      }
      return { rows: page.rows, unread: choice.firstRowIndex };
    }
    throw endNotFound(seen);
  }

  /** The last page of a range whose counts disagree, found by reading what follows. */
  private async readUncountedTail(bounds: SecondRange): Promise<Chunk> {
    const pageSize = this.source.sizes.pageSizeMax;
    const first = await this.source.page(bounds, 1, pageSize);
    this.expectedRowCount = null;
    const isWhole = !first.isCounted && (await isOnlyPage(this.source, bounds, first, pageSize));
    if (isWhole) return { rows: first.rows, unread: 0 };
    const last = await readLastPage(this.source, bounds, first);
    return { rows: last.rows, unread: last.pageNumber === 1 ? 0 : null };
  }
}
