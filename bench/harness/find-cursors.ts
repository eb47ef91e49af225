import {
  accountOf,
  accountPageSize,
  accountsBefore,
  accountsWalk,
  type Cursors,
  deepPageNumber,
  deepPageSize,
  deepWalk,
  laneCountMax,
  lastPageNumber,
  pagerQuery,
  workloads,
} from '../workloads.ts';
import { ask, openPool, toPost } from './load.ts';
import type { ServerProcess } from './processes.ts';

type Ask = (query: string, variables: Readonly<Record<string, string | number | null>>) => Promise<string>;

/** A server whose cursors count rows only opens whole pages, so pages have one size after another. */
const [accountStride, rowStride] = [accountPageSize, 100];

/**
 * The cursors of a server. `hasPager` says whether it has page cursors; cursors of a server without them count rows,
 * so they open any list.
 */
export async function findCursors({ url }: ServerProcess, hasPager = true): Promise<Cursors> {
  const pool = openPool(url, 1);
  const askServer: Ask = (query, variables) => ask(pool, toPost(query, variables));
  const accountLanes = workloads.find(({ name }) => name === 'W3')?.laneCount ?? 1;
  const accounts = await walkTo(
    askServer,
    accountsWalk,
    accountStride,
    Array.from({ length: accountLanes }, (_, lane) => accountsBefore(lane)),
  );
  const deep = await walkTo(
    askServer,
    deepWalk,
    rowStride,
    Array.from({ length: laneCountMax }, (_, lane) => (deepPageNumber - 1 + lane) * deepPageSize),
  );
  const pager: string[] = [];
  for (let lane = 0; lane < laneCountMax; lane++) {
    pager.push(hasPager ? await lastPageOf(askServer, lane) : (deep.at(-1) ?? ''));
  }
  await pool.close();
  return { accounts, deep, pager };
}

/** Cursors after each of these numbers of rows, found by paging there. */
async function walkTo(
  askServer: Ask,
  query: string,
  stride: number,
  rowCounts: readonly number[],
): Promise<string[]> {
  const cursors: string[] = [];
  let after: string | null = null;
  let walked = 0;
  for (const rowCount of rowCounts) {
    while (walked < rowCount) {
      const first = Math.min(stride, rowCount - walked);
      const text = await askServer(query, { first, after });
      after = /"endCursor":"([^"]+)"/.exec(text)?.[1] ?? null;
      if (after === null) throw new Error(`The walk has no cursor behind row ${walked}: ${text}`);
      walked += first;
    }
    cursors.push(after ?? '');
  }
  return cursors;
}

async function lastPageOf(askServer: Ask, lane: number): Promise<string> {
  const text = await askServer(pagerQuery, { account: accountOf(lane) });
  const [, cursor, page] = /"last":{"cursor":"([^"]+)","page":(\d+)}/.exec(text) ?? [];
  if (cursor === undefined || Number(page) !== lastPageNumber) throw new Error(`No last page: ${text}`);
  return cursor;
}
