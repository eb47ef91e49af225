import { deepPageNumber, deepPageSize, laneCountMax, walkQuery } from '../workloads.ts';
import { ask, openPool, toPost } from './load.ts';
import type { ServerProcess } from './processes.ts';

/** Cursors that open the deep pages of W5, by lane, found by walking there. */
export async function walkToDeepPages({ url }: ServerProcess): Promise<string[]> {
  const pool = openPool(url, 1);
  const cursors: string[] = [];
  const rowsBefore = (deepPageNumber - 1) * deepPageSize;
  let after: string | null = null;
  for (let rowCount = 0; cursors.length < laneCountMax; ) {
    // In long strides as far as the first page that is wanted.
    const first = rowCount < rowsBefore ? Math.min(100, rowsBefore - rowCount) : deepPageSize;
    const text = await ask(pool, toPost(walkQuery, { first, after }));
    const endCursor: string | undefined = /"endCursor":"([^"]+)"/.exec(text)?.[1];
    if (endCursor === undefined) throw new Error(`The walk has no cursor behind row ${rowCount}: ${text}`);
    after = endCursor;
    rowCount += first;
    if (rowCount >= rowsBefore) cursors.push(endCursor);
  }
  await pool.close();
  return cursors;
}
