import type { SecondRange } from '../../ports/transaction-feed.ts';
import { chooseOverlappingPage } from './page-choice.ts';
import type { Chunk } from './range-pages.ts';
import type { RangeQuery } from './range-query.ts';
import type { UpstreamList } from './upstream-list.ts';

/** Rows read on both sides of where two groups would meet, in case the list has moved a little. */
const overlapMax = 25;

/**
 * Compares the row count of a range with the rows that the range before it left unread. If it is smaller, rows have been
 * removed, or the list shows its rows in groups, each in its own order, and some lie beyond the range. Then the range that
 * was passed is read where two groups would meet: a page with rows of both is refused, because it is in no order.
 */
export class OrderCheck {
  private readonly source: UpstreamList;
  private readonly query: RangeQuery;
  /** Rows of the window that were passed before the range; null while unknown. */
  private passedRowCount: number | null;
  /** Rows of the range before, as its answer counted them; null before the first, and where they are not counted. */
  private rowCountBefore: number | null = null;
  private isFirst = true;

  constructor(source: UpstreamList, query: RangeQuery) {
    this.source = source;
    this.query = query;
    this.passedRowCount = query.passed.rowCount;
  }

  /** `left` is how many rows the answer before left to be read. UPSTREAM_SHAPE when the list is in no order. */
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

  /** Without the row that the cursor names: that one may be met again or not. */
  private get leftByCursor(): number | null {
    const { expectedRowCount, edgeSecond, includesStart } = this.query;
    if (expectedRowCount === null) return null;
    return expectedRowCount - Number(edgeSecond !== null && !includesStart);
  }

  private async lookBack(missing: number, range: SecondRange): Promise<void> {
    const { source, passedRowCount } = this;
    const passed = this.passedRange(range);
    if (passed === null || passedRowCount === null || source.pageSizeMax < source.feed.pageSizeMin) return;
    // The passed group comes first if the list begins at that end.
    const isFromHead = (source.observed.order === 'newest-first') === (this.query.passed.side === 'newer');
    const meetingIndex = isFromHead ? passedRowCount : missing;
    const overlap = Math.min(overlapMax, source.pageSizeMax >> 2);
    const { pageNumber, pageSize } = chooseOverlappingPage(meetingIndex, overlap, source.sizes);
    await source.pageUnlessRefused(passed, pageNumber, pageSize, true);
  }

  /** The range on the passed side of this one, and a second of this one; null where nothing lies there. */
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
