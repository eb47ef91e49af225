import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import { countsDisagree, pagesTooSmall } from './counts-disagree.ts';
import { chooseOverlappingPage } from './page-choice.ts';
import type { UpstreamList } from './upstream-list.ts';

/** Known rows that the next page must contain, so that rows removed meanwhile cannot leave a gap. */
const overlapMax = 10;
const attemptsMax = 5;

/**
 * All rows of one second that has more rows than a page. Pages overlap: if each begins with a known row,
 * nothing is missing in between. If one does not (more rows were removed than the overlap covers), or there
 * are fewer rows than every page counted, the second is read again.
 */
export async function readWholeSecond(source: UpstreamList, second: number): Promise<readonly Transaction[]> {
  // An upstream that compares exactly returns a second's fractions only up to the next whole second.
  const range = { fromSecond: second, toSecond: second + 1 };
  let failure = rowsMoved();
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const outcome = await readOverlapping(source, range, attempt > 0);
    if (!(outcome instanceof Failure)) return outcome.filter((row) => row.createdAt.second === second);
    failure = outcome;
  }
  throw failure;
}

/** The rows, or why the range has to be read again. */
async function readOverlapping(
  source: UpstreamList,
  range: { fromSecond: number; toSecond: number },
  again: boolean,
): Promise<Transaction[] | Failure> {
  const known = new Map<string, Transaction>();
  let rowCountMin = Number.POSITIVE_INFINITY;
  let endRowIndex = 0;
  for (;;) {
    const choice =
      endRowIndex === 0
        ? { pageNumber: 1, pageSize: source.sizes.pageSizeMax, firstRowIndex: 0 }
        : chooseOverlappingPage(endRowIndex, Math.min(overlapMax, source.pageSizeMax >> 2), source.sizes);
    const page = await source.pageIfThere(range, choice.pageNumber, choice.pageSize, again);
    if (page === null) return rowsMoved();
    const isShort = page.rows.length < choice.pageSize;
    const joins = endRowIndex === 0 || page.rows.some((row) => known.has(transactionText(row)));
    if (!joins) return page.isCounted ? rowsMoved() : countsDisagree(page);
    if (!page.isCounted && isMixed(page.rows, known)) return rowsMoved();
    for (const row of page.rows) known.set(transactionText(row), row);
    rowCountMin = Math.min(rowCountMin, page.rowCountSaid);
    const reached = choice.firstRowIndex + page.rows.length;
    if (page.isCounted ? reached >= page.rowCount : isShort) {
      // If the counts disagree, the next page shows whether this is the end or the provider shortens its
      // pages.
      const next = page.isCounted
        ? null
        : await source.pageIfThere(range, choice.pageNumber + 1, choice.pageSize, again);
      if (next?.rows.some((row) => !known.has(transactionText(row)))) {
        source.shrinkPages(page.rows.length, true);
        return rowsMoved();
      }
      if (known.size >= rowCountMin) return [...known.values()];
      // Rows that do not add up to the count: the pages are not of one order.
      return page.isCounted ? rowsMoved() : countsDisagree(page);
    }
    if (reached <= endRowIndex) {
      if (source.pageSizeMax < source.feed.pageSizeMax) throw pagesTooSmall(source.pageSizeMax);
      return rowsMoved();
    }
    endRowIndex = reached;
  }
}

/** Whether known rows follow new ones on a page. No count shows this: the pages are not of one order. */
function isMixed(rows: readonly Transaction[], known: ReadonlyMap<string, Transaction>): boolean {
  const isKnown = rows.map((row) => known.has(transactionText(row)));
  const firstNew = isKnown.indexOf(false);
  return firstNew !== -1 && isKnown.includes(true, firstNew);
}

function rowsMoved(): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    'Rows of one second kept changing their order while they were read, so none can be returned safely. Try again.',
    { retryable: true },
  );
}
