import type { ReadingOrder } from '../../ports/transaction-feed.ts';

/** Observations about a provider's list, shared by all requests of the process. */
export interface ObservedOrder {
  order: ReadingOrder | null;
  /** Whether times with fractions of a second have been seen. */
  showsFractions: boolean;
  /**
   * Most rows in one second that pages have shown, with older pages counting less and less; null while none
   * was seen.
   */
  rowsInSecond: number | null;
  /**
   * What a range with one open bound returns if the provider limits the span between two: everything, or only
   * that much.
   */
  openRange: 'unknown' | 'whole' | 'clipped';
  /** Whether the master account's list has been seen to show rows of other accounts. */
  showsOthers: boolean;
  /** Whether rows exactly at the start of a range, and exactly at its end, have been seen in replies. */
  includesStart: boolean;
  includesEnd: boolean;
  /** Rows of the largest page, if the provider was seen to return smaller ones than requested. */
  pageSizeMax: number | null;
}

/** For a list that nothing is known about yet. */
export function newObservedOrder(): ObservedOrder {
  return {
    order: null,
    showsFractions: false,
    rowsInSecond: null,
    openRange: 'unknown',
    includesStart: false,
    includesEnd: false,
    showsOthers: false,
    pageSizeMax: null,
  };
}
