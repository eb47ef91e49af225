import { Failure } from '../domain/failure.ts';
import type { Transaction } from '../domain/model.ts';
import { aimOverlapping } from './aim.ts';
import type { WalkSource } from './source.ts';

/** Known rows that the next page has to show again, so that rows which went meanwhile cannot open a gap. */
const overlap = 10;
const attemptsMax = 5;

/**
 * All rows of one second, for a second that holds more rows than a page. Pages overlap: each must begin with a
 * row that is known already, and then what follows it in the list follows it here. When it does not (more rows
 * left than the overlap covers), or fewer rows came than the provider counts, the second is read again.
 */
export async function readWholeSecond(
  source: WalkSource,
  second: number,
  hasFractions: boolean,
): Promise<readonly Transaction[]> {
  const range = { fromSecond: second, toSecond: hasFractions ? second + 1 : second };
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const rows = await readOverlapping(source, range, attempt > 0);
    if (rows !== null) return rows.filter((row) => row.createdAt.second === second);
  }
  throw new Failure(
    'UPSTREAM_SHAPE',
    'Rows of one second kept changing places while they were read, so none can be given out safely. Ask again.',
    { retryable: true },
  );
}

async function readOverlapping(
  source: WalkSource,
  range: { fromSecond: number; toSecond: number },
  again: boolean,
): Promise<Transaction[] | null> {
  const known = new Map<string, Transaction>();
  let endRowIndex = 0;
  for (;;) {
    const aim =
      endRowIndex === 0
        ? { pageNumber: 1, pageSize: source.book.pageSizeMax, firstRowIndex: 0 }
        : aimOverlapping(endRowIndex, overlap, source.book);
    const page = await source.page(range, aim.pageNumber, aim.pageSize, again);
    const joins = endRowIndex === 0 || page.rows.some((row) => known.has(row.providerTransactionId));
    if (!joins) return null;
    for (const row of page.rows) known.set(row.providerTransactionId, row);
    const reached = aim.firstRowIndex + page.rows.length;
    if (reached >= page.rowCount) return known.size >= page.rowCount ? [...known.values()] : null;
    if (reached <= endRowIndex) return null;
    endRowIndex = reached;
  }
}
