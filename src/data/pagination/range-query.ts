import type { Instant } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import type { Position } from './order.ts';
import type { PageAnchor } from './transaction-cursor.ts';

/** The range of a group's list that is wanted. */
export interface WantedRange {
  /** The order in which rows are wanted. */
  readonly order: ReadingOrder;
  /** Rows strictly beyond it in that order; null starts at the end of the window. */
  readonly start: Position | null;
  /** Whether the row at `start` itself is wanted too. */
  readonly inclusive: boolean;
  /** Upper end of the pinned window, inclusive; null before it is pinned. */
  readonly snapshotBound: Instant | null;
  /** Lower end, inclusive. */
  readonly createdFrom: Instant | null;
  /** Upper end, exclusive. */
  readonly createdTo: Instant | null;
  /** Rows expected in the range; null if unknown. */
  readonly expectedRowCount: number | null;
  /** Rows of the window before the range; null if unknown. */
  readonly passedRowCount: number | null;
  readonly need: number;
  /** Whether `start` is a row of this very list, and not of another one that it is merged with. */
  readonly startsAtOwnRow: boolean;
  /** Whether the count of the window's rows is wanted. */
  readonly wantsTotal: boolean;
  /** Page of a list by page token from which `start` can be found again; null when none is known. */
  readonly anchor: PageAnchor | null;
}

/** A range from an end of its window, when neither a cursor nor an answer has said anything about its rows. */
export const wholeWindow = {
  start: null,
  inclusive: false,
  snapshotBound: null,
  expectedRowCount: null,
  passedRowCount: null,
  startsAtOwnRow: false,
  wantsTotal: false,
  anchor: null,
} as const satisfies Partial<WantedRange>;

/** The rows of a window that were read before a range of it. */
export interface Passed {
  /** Null when unknown. */
  readonly rowCount: number | null;
  /** On which side of the range they lie. */
  readonly side: 'newer' | 'older';
  /** Whole second that the window ends at on that side; null is open. */
  readonly windowEdge: number | null;
}

/** What an edge reader reads. */
export interface RangeQuery {
  /** The order in which rows are wanted. */
  readonly order: ReadingOrder;
  /** Whole seconds, inclusive; null is open. */
  readonly fromSecond: number | null;
  readonly toSecond: number | null;
  /** How a row of the range stands to what is wanted: not yet, wanted, or beyond the far end. */
  readonly classify: (row: Transaction) => 'behind' | 'wanted' | 'beyond';
  /** False when `classify` also filters, so that unread rows cannot be counted. */
  readonly countable: boolean;
  /** Rows the range is believed to hold; lets the far end of a list be read with one call. */
  readonly expectedRowCount: number | null;
  readonly passed: Passed;
  /** Whether the row at the start of the range is wanted too. */
  readonly includesStart: boolean;
  /** Rows likely to be wanted; decides how the far end is aimed at. */
  readonly need: number;
  /** Second of a row that was seen at the wanted edge of this range, so that it has to come back; null for none. */
  readonly edgeSecond: number | null;
  /** Whether the wanted edge is one that a caller named, or none, and not a row that a list has shown. */
  readonly edgeIsUnseen: boolean;
  /** Whether the count of rows is wanted. */
  readonly wantsTotal: boolean;
  /** Second beyond which nothing is wanted although the range continues; null if the range ends by itself. */
  readonly endSecond: number | null;
}
