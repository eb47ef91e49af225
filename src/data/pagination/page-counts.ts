import type { MergedRow } from './merge.ts';
import type { PageReading } from './read-page.ts';

/** The position of a page in the window, for each group. */
export interface PageCounts {
  /** Rows of the window before the page; null when unknown. */
  readonly before: readonly (number | null)[];
  /** Rows of the window; null when unknown. */
  readonly totals: readonly (number | null)[];
}

/**
 * Counts from the page's own calls: the upstream has just counted the rows on the side that was read; those
 * on the other side have been passed already. Rows removed meanwhile may make that count negative.
 */
export function countPage({ reading, frame, taken, offset }: PageReading): PageCounts {
  const { cursor, order, inclusive } = reading.start;
  const before: (number | null)[] = [];
  const totals: (number | null)[] = [];
  for (const groupIndex of frame.groups.keys()) {
    const named = Number(cursor?.groupIndex === groupIndex);
    const passed = cursor === null ? 0 : (cursor.indexes[groupIndex] ?? null);
    const carried = cursor?.totals[groupIndex] ?? null;
    const remaining = reading.remaining(groupIndex);
    const takenCount = countOf(taken, groupIndex);
    const skipped = countOf(taken.slice(0, offset), groupIndex);
    if (order === 'newest-first') {
      const start = passed === null ? null : Math.max(0, passed - (inclusive ? named : 0));
      before.push(start === null ? null : start + skipped);
      totals.push(start === null || remaining === null ? carried : start + takenCount + remaining);
    } else {
      const ahead =
        cursor === null
          ? 0
          : carried === null || passed === null
            ? null
            : Math.max(0, carried - passed + named);
      const start =
        remaining ?? (passed === null || cursor === null ? null : Math.max(0, passed - named - takenCount));
      before.push(start === null ? null : start + skipped);
      totals.push(ahead === null || remaining === null ? carried : remaining + takenCount + ahead);
    }
  }
  // The row count of an unbounded group is unknown: rows may still be added.
  return {
    before,
    totals: totals.map((total, groupIndex) => (reading.isUnbounded(groupIndex) ? null : total)),
  };
}

/** How many of the rows belong to a group. */
export function countOf(rows: readonly MergedRow[], groupIndex: number): number {
  let count = 0;
  for (const row of rows) if (row.groupIndex === groupIndex) count++;
  return count;
}

/** The largest value of GraphQL's Int, the type of counts. */
const countMax = 2 ** 31 - 1;

/** The sum; null if a part is unknown, or if it exceeds GraphQL's Int. */
export function sumOrUnknown(counts: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const count of counts) {
    if (count === null) return null;
    sum += count;
  }
  return sum > countMax ? null : sum;
}
