import type { SecondRange } from '../../ports/transaction-feed.ts';
import { chooseOverlappingPage } from './page-choice.ts';
import type { Chunk } from './range-pages.ts';
import type { RangeQuery } from './range-query.ts';
import type { UpstreamList } from './upstream-list.ts';

/** Rows to read on each side of where two groups would meet, in case the list has moved a little. */
const overlapMax = 25;

/**
 * Compares the row count of a range with the rows that the previous range left unread. If it is smaller, rows
 * have been removed, or the list returns its rows in groups, each in its own order, with some beyond the
 * range. Then the range already passed is read where two groups would meet: a page with rows of both is
 * refused, because it has no order.
 */
export class OrderCheck {
  private readonly source: UpstreamList;
  private readonly query: RangeQuery;
  /** Rows of the window already passed before the range; null while unknown. */
  private passedRowCount: number | null;
  /**
   * Rows of the previous range as its reply counted them; null before the first, or if they are not counted.
   */
  private rowCountBefore: number | null = null;
  private isFirst = true;

  constructor(source: UpstreamList, query: RangeQuery) {
    this.source = source;
    this.query = query;
    this.passedRowCount = query.passed.rowCount;
  }

  /** `left` is how many rows the previous reply left to be read. UPSTREAM_SHAPE if the list has no order. */
  async check(chunk: Chunk, wanted: number, left: number | null, range: SecondRange): Promise<void> {
    const expected = this.isFirst ? this.leftByCursor : left;
    if (this.rowCountBefore !== null && left !== null && this.passedRowCount !== null) {
      this.passedRowCount += this.rowCountBefore - left;
    }
    const rowCount = chunk.unread === null ? null : chunk.rows.length + chunk.unread;
    const found = this.isFirst && chunk.unread !== null ? wanted + chunk.unread : rowCount;
    this.isFirst = false;
    this.rowCountBefore = rowCount;
    const isCounted = this.query.countable && this.source.isCountable;
    if (!isCounted || expected === null || found === null || found >= expected) return;
    await this.lookBack(expected - found, range);
  }

  /** Without the row that the cursor names, which may or may not be returned again. */
  private get leftByCursor(): number | null {
    const { expectedRowCount, edgeSecond, includesStart } = this.query;
    if (expectedRowCount === null) return null;
    return expectedRowCount - Number(edgeSecond !== null && !includesStart);
  }

  private async lookBack(missing: number, range: SecondRange): Promise<void> {
    const { source, passedRowCount } = this;
    const passed = this.passedRange(range);
    if (passed === null || passedRowCount === null || source.pageSizeMax < source.feed.pageSizeMin) return;
    // The passed group is first if the list begins at that end.
    const isFromHead = (source.observed.order === 'newest-first') === (this.query.passed.side === 'newer');
    const meetingIndex = isFromHead ? passedRowCount : missing;
    const overlap = Math.min(overlapMax, source.pageSizeMax >> 2);
    const { pageNumber, pageSize } = chooseOverlappingPage(meetingIndex, overlap, source.sizes);
    await source.pageUnlessRefused(passed, pageNumber, pageSize, true);
  }

  /** The range on the passed side of this one plus one second of this one; null if there is nothing. */
  private passedRange({ fromSecond, toSecond }: SecondRange): SecondRange | null {
    const { side, windowEdge } = this.query.passed;
    const span = this.source.feed.spanSecondsMax;
    if (side === 'newer') {
      if (toSecond === null) return null;
      const lowest = toSecond - 1;
      const ends = [windowEdge, span && lowest + span].filter((end) => end !== null);
      return { fromSecond: lowest, toSecond: ends.length === 0 ? null : Math.min(...ends) };
    }
    if (fromSecond === null) return null;
    const highest = fromSecond + 1;
    const ends = [windowEdge, span && highest - span].filter((end) => end !== null);
    return { fromSecond: ends.length === 0 ? null : Math.max(...ends), toSecond: highest };
  }
}
