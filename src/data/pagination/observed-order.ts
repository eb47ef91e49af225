import type { ReadingOrder } from '../../ports/transaction-feed.ts';

/** What has been learned about a provider's list while reading it; shared by all requests of the process. */
export interface ObservedOrder {
  order: ReadingOrder | null;
  /** Whether times with fractions of a second have been seen. */
  showsFractions: boolean;
  /** Most rows of one second that pages have shown, old pages counting ever less; null while none was seen. */
  rowsInSecond: number | null;
  /** What a range with one open bound means where the provider limits the span of both: all, or only so much. */
  openRange: 'unknown' | 'whole' | 'clipped';
  /** Whether the master account's list has been seen to show rows of other accounts. */
  showsOthers: boolean;
  /** Whether rows at the very begin of a range, and at its very end, have been seen to come back. */
  includesStart: boolean;
  includesEnd: boolean;
  /** Rows of the largest page, where the provider has been seen to give smaller ones than were asked for. */
  pageSizeMax: number | null;
}

/** Of a list that nothing is known of yet. */
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
