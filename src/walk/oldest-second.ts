import type { Transaction } from '../domain/model.ts';
import { readLastPage } from './last-page.ts';
import type { WalkSource } from './source.ts';

const unbounded = { fromSecond: null, toSecond: null };

/**
 * Second of the oldest row of a list, asked without any time bound: it is on the first or on the last page,
 * whichever way the list runs. Null when there is no row.
 */
export async function oldestSecond(source: WalkSource): Promise<number | null> {
  const first = await source.page(unbounded, 1, source.book.pageSizeMax);
  if (first.rows.length >= first.rowCount) return earliest(first.rows);
  const last = await readLastPage(source, unbounded, first);
  return earliest([...first.rows, ...last.rows]);
}

function earliest(rows: readonly Transaction[]): number | null {
  return rows.reduce<number | null>(
    (best, { createdAt }) => (best === null || createdAt.second < best ? createdAt.second : best),
    null,
  );
}
