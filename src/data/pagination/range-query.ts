import type { Instant } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import type { Position } from './order.ts';
import type { PageAnchor } from './transaction-cursor.ts';

/** The requested range of a group's list. */
export interface WantedRange {
  /** The order in which rows are requested. */
  readonly order: ReadingOrder;
  /** Only rows strictly beyond it in that order; null starts at the end of the window. */
  readonly start: Position | null;
  /** Whether to include the row at `start`. */
  readonly inclusive: boolean;
  /** Upper end of the window, inclusive; null until it is fixed. */
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
  /** Whether `start` is a row of this list, and not of another one that it is merged with. */
  readonly startsAtOwnRow: boolean;
  /** Whether to count the window's rows. */
  readonly wantsTotal: boolean;
  /** Page of a list by page token from which `start` can be found again; null when none is known. */
  readonly anchor: PageAnchor | null;
}

/** A range from an end of its window, before a cursor or a reply has said anything about its rows. */
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

/** The rows of a window already read before a range of it. */
export interface Passed {
  /** Null when unknown. */
  readonly rowCount: number | null;
  /** The side of the range on which they are. */
  readonly side: 'newer' | 'older';
  /** Whole second at which the window ends on that side; null is open. */
  readonly windowEdge: number | null;
}

/** The input of an edge reader. */
export interface RangeQuery {
  /** The order in which rows are requested. */
  readonly order: ReadingOrder;
  /** Whole seconds, inclusive; null is open. */
  readonly fromSecond: number | null;
  readonly toSecond: number | null;
  /**
   * Whether a row of the range is before the requested rows (`behind`), one of them, or beyond the far end.
   */
  readonly classify: (row: Transaction) => 'behind' | 'wanted' | 'beyond';
  /** False when `classify` also filters, so that unread rows cannot be counted. */
  readonly countable: boolean;
  /** Rows expected in the range; with it, the far end of a list takes one call. */
  readonly expectedRowCount: number | null;
  readonly passed: Passed;
  /** Whether to include the row at the start of the range. */
  readonly includesStart: boolean;
  /** Rows likely to be needed; determines which page is requested at the far end. */
  readonly need: number;
  /**
   * Second of a row already seen at the edge where reading starts, which the reply must contain; null for
   * none.
   */
  readonly edgeSecond: number | null;
  /** Whether the edge where reading starts is open or named by a caller, rather than a row seen in a list. */
  readonly edgeIsUnseen: boolean;
  /** Whether to count the rows. */
  readonly wantsTotal: boolean;
  /** Second beyond which nothing is needed although the range continues; null if the range ends by itself. */
  readonly endSecond: number | null;
}
