import { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import { countsDisagree, pagesTooSmall } from './counts-disagree.ts';
import { chooseOverlappingPage } from './page-choice.ts';
import type { UpstreamList } from './upstream-list.ts';

/** Known rows that the next page has to show again, so that rows which went meanwhile cannot open a gap. */
const overlapMax = 10;
const attemptsMax = 5;

/**
 * All rows of one second, for a second that holds more rows than a page. Pages overlap: each must begin with a
 * row that is known already, and then what follows it in the list follows it here. When it does not (more rows
 * left than the overlap covers), or the rows are fewer than every page counted, the second is read again.
 */
export async function readWholeSecond(source: UpstreamList, second: number): Promise<readonly Transaction[]> {
  // An upstream that compares exactly shows the fractions of a second only below the next whole one.
  const range = { fromSecond: second, toSecond: second + 1 };
  let failure = rowsMoved();
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const outcome = await readOverlapping(source, range, attempt > 0);
    if (!(outcome instanceof Failure)) return outcome.filter((row) => row.createdAt.second === second);
    failure = outcome;
  }
  throw failure;
}

/** The rows; else why the range has to be read again. */
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
      // If the counts disagree, the page that follows shows the end; or the provider cuts its pages short.
      const next = page.isCounted
        ? null
        : await source.pageIfThere(range, choice.pageNumber + 1, choice.pageSize, again);
      if (next?.rows.some((row) => !known.has(transactionText(row)))) {
        source.shrinkPages(page.rows.length, true);
        return rowsMoved();
      }
      if (known.size >= rowCountMin) return [...known.values()];
      // Rows that do not add up to a count: the pages were not cut from one order.
      return page.isCounted ? rowsMoved() : countsDisagree(page);
    }
    if (reached <= endRowIndex) {
      if (source.pageSizeMax < source.feed.pageSizeMax) throw pagesTooSmall(source.pageSizeMax);
      return rowsMoved();
    }
    endRowIndex = reached;
  }
}

/** Whether known rows follow others on a page: what no count shows: that pages are not cut from one order. */
function isMixed(rows: readonly Transaction[], known: ReadonlyMap<string, Transaction>): boolean {
  const isKnown = rows.map((row) => known.has(transactionText(row)));
  const firstNew = isKnown.indexOf(false);
  return firstNew !== -1 && isKnown.includes(true, firstNew);
}

function rowsMoved(): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    'Rows of one second kept changing their order while they were read, so none can be returned safely. Ask again.',
    { retryable: true },
  );
}
