import { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';

/** Rows of a page, and what its reply says about the whole list: `total_items`, and `total_pages` if that is there. */
interface RowsAndCounts {
  readonly rows: readonly Transaction[];
  readonly pageNumber: number;
  readonly rowCountSaid: number;
  readonly pageCountSaid: number | null;
}

/** The failure for a list that continues according to its counts, but whose next page has no new row. */
export function pageNotHeeded(page: RowsAndCounts): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider’s list of transactions continues according to its own counts (${countsOf(page)}), but the next page had no new ` +
      'row: the page number seems to be ignored. Check that the base URL is the provider’s API and not a server of ' +
      'sample replies; else ask the provider.',
  );
}

/** The failure for a list whose later page has rows that its first page has in other positions. */
export function pageOutOfPlace(page: RowsAndCounts): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `Page ${page.pageNumber} of the provider’s list of transactions begins among rows of page 1 (${countsOf(page)}): it does not ` +
      'begin where page_number and page_size say, so the end of the list cannot be found. Read the list from its newest row ' +
      '("first"), and ask the provider about page_number.',
  );
}

/** The failure for a list whose rows and counts disagree, even after reading on. */
export function countsDisagree(page: RowsAndCounts): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider’s list of transactions does not agree with its own counts (${countsOf(page)}), so it may be incomplete. ` +
      'Try again; if it persists, contact the provider.',
    { retryable: true },
  );
}

/** The failure for a list that returns fewer rows without time bounds than with them. */
export function cutWithoutBounds(spanSecondsMax: number | null): Failure {
  const days = spanSecondsMax === null ? '' : `, at most ${Math.floor(spanSecondsMax / 86_400)} days apart`;
  return new Failure(
    'UPSTREAM_SHAPE',
    'The provider’s list of transactions leaves out, without time bounds, older ones that it gives for a time range, so ' +
      `its end cannot be known. Give "createdAt" both ends${days}.`,
  );
}

/** What the reply contains, and what the provider says there is. */
function countsOf({ rows, pageNumber, rowCountSaid, pageCountSaid }: RowsAndCounts): string {
  const pages = pageCountSaid === null ? '' : `, total_pages ${pageCountSaid}`;
  return `rows on page ${pageNumber}: ${rows.length}, total_items ${rowCountSaid}${pages}`;
}

/** The failure for a list whose pages are too small to choose a page by number. */
export function pagesTooSmall(pageSizeMax: number): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider gives pages of ${pageSizeMax} rows whatever page_size says, so rows from the far end of the list, or ` +
      'from a second with many rows, cannot be found. Ask the provider about page_size.',
  );
}
