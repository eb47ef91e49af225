import { Failure } from '../domain/failure.ts';
import type { Transaction } from '../domain/model.ts';
import type { WalkSource } from './source.ts';

const attemptsMax = 8;
const unbounded = { fromSecond: null, toSecond: null };

/**
 * Second of the oldest row of a list, asked without any time bound: it is on the first or on the last page,
 * whichever way the list runs. Null when there is no row.
 */
export async function oldestSecond(source: WalkSource): Promise<number | null> {
  const { pageSizeMax } = source.book;
  const first = await source.page(unbounded, 1, pageSizeMax);
  if (first.rows.length >= first.rowCount) return earliest(first.rows);
  let { rowCount } = first;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const pageNumber = Math.max(1, Math.ceil(rowCount / pageSizeMax));
    const last = await source.pageIfThere(unbounded, pageNumber, pageSizeMax, attempt > 0);
    const reached = (pageNumber - 1) * pageSizeMax + (last?.rows.length ?? 0);
    if (last !== null && last.rows.length > 0 && reached === last.rowCount) {
      return earliest([...first.rows, ...last.rows]);
    }
    // The list got longer or shorter: its end is on another page now.
    rowCount = last?.rowCount ?? rowCount - pageSizeMax;
  }
  throw new Failure(
    'UPSTREAM_UNAVAILABLE',
    "The provider's list changed its length with every call, so its end could not be read. Ask again.",
    { retryable: true },
  );
}

function earliest(rows: readonly Transaction[]): number | null {
  return rows.reduce<number | null>(
    (best, { createdAt }) => (best === null || createdAt.second < best ? createdAt.second : best),
    null,
  );
}
