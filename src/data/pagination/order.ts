import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import { compareInstants, type Instant } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';

/** A position in the total order: newest first, rows of one instant by id, ascending. */
export interface Position extends Instant {
  /** Identity of the row at this position, within its ledger. */
  readonly id: string;
}

/** Before every row of any list, and after every row. */
export const topPosition: Position = { second: 9_999_999_999_999, nano: 0, id: '' };
export const bottomPosition: Position = { second: -9_999_999_999_999, nano: 0, id: '' };

/** The position of a row. */
export function positionOf(row: Transaction): Position {
  return { second: row.createdAt.second, nano: row.createdAt.nano, id: transactionText(row) };
}

/** Negative when `a` comes before `b` in the total order. */
export function comparePositions(a: Position, b: Position): number {
  return compareInstants(b, a) || compareTexts(a.id, b.id);
}

/** Compares a row with a position in the total order: negative if the row precedes it. */
export function compareToPosition(row: Transaction, position: Position): number {
  return compareInstants(position, row.createdAt) || compareTexts(transactionText(row), position.id);
}

/** The total order over rows. */
export function compareRows(a: Transaction, b: Transaction): number {
  return compareInstants(b.createdAt, a.createdAt) || compareTexts(transactionText(a), transactionText(b));
}

/** Compares rows in the direction of `order`: the total order, or its reverse. */
export function compareRowsIn(order: ReadingOrder): (a: Transaction, b: Transaction) => number {
  return order === 'newest-first' ? compareRows : (a, b) => compareRows(b, a);
}

/** Whether a list in `order` has rows of `second` before those of `other`. */
export function isAhead(order: ReadingOrder, second: number, other: number): boolean {
  return order === 'newest-first' ? second > other : second < other;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The order of the rows of one upstream page, by whole seconds; null if they all share one second. A page in
 * both orders is refused: reading on would be a guess.
 */
export function listOrderOf(rows: readonly Transaction[]): ReadingOrder | null {
  let order: ReadingOrder | null = null;
  for (let rowIndex = 1; rowIndex < rows.length; rowIndex++) {
    const before = (rows[rowIndex - 1] as Transaction).createdAt.second;
    const here = (rows[rowIndex] as Transaction).createdAt.second;
    if (before === here) continue;
    const step: ReadingOrder = before > here ? 'newest-first' : 'oldest-first';
    if (order !== null && order !== step) throw unordered();
    order = step;
  }
  return order;
}

/** The largest number of ordered rows that share a second; 0 if there are no rows. */
export function mostInOneSecond(rows: readonly Transaction[]): number {
  let most = 0;
  let count = 0;
  let second = Number.NaN;
  for (const { createdAt } of rows) {
    count = createdAt.second === second ? count + 1 : 1;
    second = createdAt.second;
    if (count > most) most = count;
  }
  return most;
}

/** The failure for a list whose order cannot be relied on. */
export function unordered(): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    'The provider returned a list that is neither newest-first nor oldest-first by creation time, so it cannot be paged without losing rows.',
  );
}
