import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import { pagesTooSmall } from './counts-disagree.ts';
import { chooseOverlappingPage } from './page-choice.ts';
import type { UpstreamList } from './upstream-list.ts';

/** Known rows that the next page has to show again, so that rows which went meanwhile cannot open a gap. */
const overlapMax = 10;
const attemptsMax = 5;

/**
 * All rows of one second, for a second that holds more rows than a page. Pages overlap: each must begin with a
 * row that is known already, and then what follows it in the list follows it here. When it does not (more rows
 * left than the overlap covers), or the rows do not add up to a count that stood still, the second is read again.
 */
export async function readWholeSecond(source: UpstreamList, second: number): Promise<readonly Transaction[]> {
  // An upstream that compares exactly shows the fractions of a second only below the next whole one.
  const range = { fromSecond: second, toSecond: second + 1 };
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
  source: UpstreamList,
  range: { fromSecond: number; toSecond: number },
  again: boolean,
): Promise<Transaction[] | null> {
  const known = new Map<string, Transaction>();
  const countsSeen = new Set<number>();
  let endRowIndex = 0;
  for (;;) {
    const choice =
      endRowIndex === 0
        ? { pageNumber: 1, pageSize: source.sizes.pageSizeMax, firstRowIndex: 0 }
        : chooseOverlappingPage(endRowIndex, Math.min(overlapMax, source.pageSizeMax >> 2), source.sizes);
    const page = await source.pageIfThere(range, choice.pageNumber, choice.pageSize, again);
    if (page === null) return null;
    const joins = endRowIndex === 0 || page.rows.some((row) => known.has(transactionText(row)));
    if (!joins) return null;
    for (const row of page.rows) known.set(transactionText(row), row);
    countsSeen.add(page.rowCount);
    const reached = choice.firstRowIndex + page.rows.length;
    if (reached >= page.rowCount) {
      // A count that stood still and rows that do not add up to it: the pages were not cut from one order.
      const isShort = countsSeen.size === 1 && known.size < page.rowCount;
      return isShort ? null : [...known.values()];
    }
    if (reached <= endRowIndex) {
      // Where the counts disagree, a page that adds nothing is the end.
      if (!page.isCounted && known.size >= page.rowCountSaid) return [...known.values()];
      if (source.pageSizeMax < source.feed.pageSizeMax) throw pagesTooSmall(source.pageSizeMax);
      return null;
    }
    endRowIndex = reached;
  }
}
