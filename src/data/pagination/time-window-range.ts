import type { SecondRange } from '../../ports/transaction-feed.ts';
import type { ObservedOrder } from './observed-order.ts';
import type { Passed, RangeQuery } from './range-query.ts';

/** If a provider limits the span between two bounds: what determines the ranges to request. */
export interface TimeWindowLimits {
  readonly spanSeconds: number;
  readonly nowSecond: number;
  readonly openRange: ObservedOrder['openRange'];
}

type Window = Pick<RangeQuery, 'fromSecond' | 'toSecond' | 'edgeIsUnseen'>;

/**
 * The range with the newest rows of a window that may be longer than the limit. An upper end in the future,
 * or none, does not show where the rows are; the list itself does, without a bound.
 */
export function newestRange(window: Window, limits: TimeWindowLimits): SecondRange {
  const { fromSecond, toSecond, edgeIsUnseen } = window;
  const fits = fromSecond !== null && toSecond !== null && toSecond - fromSecond <= limits.spanSeconds;
  if (fits) return { fromSecond, toSecond };
  const isOpen = toSecond === null || (edgeIsUnseen && toSecond > limits.nowSecond);
  return isOpen ? { fromSecond: null, toSecond: null } : rangeBelow(toSecond, fromSecond, limits);
}

/** The range to read downwards from `toSecond` in a window that begins at `fromSecond`. */
export function rangeBelow(
  toSecond: number,
  fromSecond: number | null,
  { spanSeconds, openRange }: TimeWindowLimits,
): SecondRange {
  const lowest = toSecond - spanSeconds;
  if (fromSecond !== null && lowest <= fromSecond) return { fromSecond, toSecond };
  const isTrusted = openRange === 'whole' || (openRange === 'unknown' && fromSecond === null);
  return { fromSecond: isTrusted ? null : lowest, toSecond };
}

/**
 * The range whose count is that of a window with `newest` as its newest second; null if no count is
 * requested, or no range within the limit has it.
 */
export function countingRange(
  { fromSecond, toSecond, wantsTotal, countable }: RangeQuery,
  newest: number,
  spanSeconds: number,
): SecondRange | null {
  if (!wantsTotal || !countable || fromSecond === null || newest - fromSecond > spanSeconds) return null;
  // Rows in the same second as the upper end may be beyond it.
  return toSecond !== null && toSecond <= newest ? null : { fromSecond, toSecond: newest };
}

/** The query for a slice of a window, without what is known only about the rows of the whole window. */
export function sliceQuery(query: RangeQuery, slice: SecondRange): RangeQuery {
  const isNewestFirst = query.order === 'newest-first';
  const isWhole = slice.fromSecond === query.fromSecond && slice.toSecond === query.toSecond;
  const isOpenBelow = isNewestFirst && slice.fromSecond === null && query.fromSecond !== null;
  const passedInSlice: Passed = isNewestFirst
    ? { rowCount: 0, side: 'newer', windowEdge: slice.toSecond }
    : { rowCount: 0, side: 'older', windowEdge: slice.fromSecond };
  return {
    ...query,
    ...slice,
    endSecond: isOpenBelow ? query.fromSecond : null,
    countable: query.countable && !isOpenBelow,
    expectedRowCount: isWhole ? query.expectedRowCount : null,
    passed: isWhole ? query.passed : passedInSlice,
  };
}

/** Whether a range has no bound at all. */
export function isUnbounded(range: SecondRange): boolean {
  return range.fromSecond === null && range.toSecond === null;
}

/** Whether a range has one bound and not the other. */
export function isOneSided(range: SecondRange): boolean {
  return (range.fromSecond === null) !== (range.toSecond === null);
}
