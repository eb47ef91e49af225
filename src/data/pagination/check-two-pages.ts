import { transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import { countElsewhere } from '../../domain/page-evidence.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { pageOutOfPlace } from './counts-disagree.ts';
import type { ListPage } from './numbered-page.ts';
import { isAhead, unordered } from './order.ts';
import type { UpstreamList } from './upstream-list.ts';

/** How often to read the two pages again: a list that moves between the calls may seem to have no order. */
const attemptsMax = 3;
/** Rows that may have been added, removed or back-dated between the two calls. */
const movedMax = 3;

/**
 * Checks that no row of a later page belongs before the rows of the first page, or is on the first page in
 * another position.
 */
export async function checkTwoPages(
  source: UpstreamList,
  range: SecondRange,
  first: ListPage,
  later: ListPage,
): Promise<void> {
  if (first.pageNumber === later.pageNumber) return;
  for (let attempt = 0, page = first; ; attempt++) {
    const isUnordered = misplaced(source, page, later.rows).length > movedMax;
    if (!isUnordered && repeatedElsewhere(page, later) <= movedMax) return;
    if (attempt === attemptsMax) throw isUnordered ? unordered() : pageOutOfPlace(later);
    page = await source.page(range, 1, source.feed.pageSizeMax, true);
  }
}

/**
 * Rows of a later page that are on the first in another position, although the length of the list is
 * unchanged.
 */
function repeatedElsewhere(first: ListPage, later: ListPage): number {
  if (first.rowCountSaid !== later.rowCountSaid) return 0;
  return countElsewhere(later, first, transactionText, (a, b) => a.createdAt.second === b.createdAt.second);
}

/** Rows of a later page that are not on the first, and are on the wrong side of its last row. */
function misplaced(
  { observed: { order } }: UpstreamList,
  first: ListPage,
  later: readonly Transaction[],
): Transaction[] {
  const last = first.rows.at(-1)?.createdAt.second;
  if (last === undefined || order === null) return [];
  const shown = new Set(first.rows.map((row) => transactionText(row)));
  return later.filter((row) => {
    return isAhead(order, row.createdAt.second, last) && !shown.has(transactionText(row));
  });
}
