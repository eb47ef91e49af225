import { ceilSecond, compareInstants, type Instant, secondMax } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import { compareToPosition, type Position } from './order.ts';
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
  /** Second beyond which nothing is wanted although the range goes on; null where the range ends by itself. */
  readonly endSecond: number | null;
}

/** 0001-01-01T00:00:00Z: not every provider has a year 0000. */
const firstSecond = -62_135_596_800;

/** The query for a range: whole seconds for the upstream, and the exact position of each row. */
export function toRangeQueryOf(
  wantedRange: WantedRange,
  matches: ((row: Transaction) => boolean) | null,
): RangeQuery {
  const { order, start, snapshotBound, createdFrom, createdTo } = wantedRange;
  const isNewestFirst = order === 'newest-first';
  const uppers = [
    isNewestFirst && start !== null ? ceilSecond(start) : null,
    snapshotBound === null ? null : ceilSecond(snapshotBound),
    createdTo === null ? null : ceilSecond(createdTo),
  ].filter((second) => second !== null);
  const lowers = [
    !isNewestFirst && start !== null ? start.second : null,
    createdFrom === null ? null : createdFrom.second,
  ].filter((second) => second !== null);
  return {
    order,
    fromSecond: lowers.length === 0 ? null : Math.max(firstSecond, ...lowers),
    toSecond: uppers.length === 0 ? null : Math.min(secondMax, ...uppers),
    classify: (row) => classifyIn(wantedRange, matches, row),
    countable: matches === null && isCounted(wantedRange),
    expectedRowCount: wantedRange.expectedRowCount,
    passed: toPassed(wantedRange),
    includesStart: wantedRange.inclusive,
    need: wantedRange.need,
    edgeSecond: start !== null && wantedRange.startsAtOwnRow ? start.second : null,
    edgeIsUnseen: start === null && snapshotBound === null,
    wantsTotal: wantedRange.wantsTotal,
    endSecond: null,
  };
}

/** A reading of the oldest rows begins once the newest row of all was looked at. */
function toPassed({ order, start, createdFrom, createdTo, passedRowCount: rowCount }: WantedRange): Passed {
  return order === 'newest-first' || start === null
    ? { rowCount, side: 'newer', windowEdge: createdTo === null ? null : ceilSecond(createdTo) }
    : { rowCount, side: 'older', windowEdge: createdFrom?.second ?? null };
}

/**
 * Whether the provider counts just the rows up to the far end. One within a second is filtered here, and so is a row at the
 * very upper end, which is not in the window: rows that were not read yet may be such ones.
 */
function isCounted({ order, snapshotBound, createdFrom, createdTo }: WantedRange): boolean {
  if (order === 'newest-first') return (createdFrom?.nano ?? 0) === 0;
  return createdTo === null || (snapshotBound !== null && ceilSecond(snapshotBound) < createdTo.second);
}

function classifyIn(
  wantedRange: WantedRange,
  matches: ((row: Transaction) => boolean) | null,
  row: Transaction,
): 'behind' | 'wanted' | 'beyond' {
  const { start, snapshotBound, createdFrom, createdTo } = wantedRange;
  const at = row.createdAt;
  const inWindow =
    (snapshotBound === null || compareInstants(at, snapshotBound) <= 0) &&
    (createdFrom === null || compareInstants(at, createdFrom) >= 0) &&
    (createdTo === null || compareInstants(at, createdTo) < 0) &&
    (matches === null || matches(row));
  if (!inWindow) return 'beyond';
  if (start === null) return 'wanted';
  const step = compareToPosition(row, start);
  if (step === 0) return wantedRange.inclusive ? 'wanted' : 'behind';
  return step > 0 === (wantedRange.order === 'newest-first') ? 'wanted' : 'behind';
}
