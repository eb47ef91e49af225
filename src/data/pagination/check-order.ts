import { transactionText } from '../../domain/global-id.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { listOrderOf } from './order.ts';
import type { Chunk, RangeEnd } from './range-pages.ts';
import type { RangeQuery } from './range-query.ts';
import type { UpstreamList } from './upstream-list.ts';

/**
 * Makes sure of the list's order where fewer rows follow than an earlier page counted: rows may have gone, or they lie
 * in the part that was passed, and were left out. A list that is sorted by something else before the creation time (all
 * pending rows, then all others) looks sorted page by page; the part that was passed holds rows of both kinds. Reads two
 * pages of it at most. UPSTREAM_SHAPE when they are in no order.
 */
export async function checkOrder(
  source: UpstreamList,
  expectedRowCount: number | null,
  { rows, unread }: Chunk,
  { passed, end }: Pick<RangeQuery, 'passed' | 'end'>,
): Promise<void> {
  const isShort = expectedRowCount !== null && unread !== null && rows.length + unread < expectedRowCount;
  if (!isShort || passed === null) return;
  const { pageSizeMax, spanSecondsMax } = source.feed;
  const range = spanSecondsMax === null ? passed : within(spanSecondsMax, passed, end);
  const first = await source.pageUnlessRefused(range, 1, pageSizeMax, true);
  if (first === null || first.rows.length >= first.rowCount) return;
  const second = await source.pageUnlessRefused(range, 2, pageSizeMax, true);
  const shown = new Set(first.rows.map((row) => transactionText(row)));
  // Rows that came meanwhile push others on, which then turn up again.
  const others = second?.rows.filter((row) => !shown.has(transactionText(row))) ?? [];
  listOrderOf([...first.rows, ...others]);
}

/** As much of a range as the provider gives at once, from the end that the reading starts at. */
function within(spanSeconds: number, { fromSecond, toSecond }: SecondRange, end: RangeEnd): SecondRange {
  if (end === 'newest' && fromSecond !== null) {
    return { fromSecond, toSecond: Math.min(toSecond ?? Number.POSITIVE_INFINITY, fromSecond + spanSeconds) };
  }
  if (end === 'oldest' && toSecond !== null) {
    return { fromSecond: Math.max(fromSecond ?? Number.NEGATIVE_INFINITY, toSecond - spanSeconds), toSecond };
  }
  return { fromSecond, toSecond };
}
