import { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';

/** Rows of a page, and how many its list has by its own counts. */
interface RowsAndCount {
  readonly rows: readonly Transaction[];
  readonly rowCount: number;
}

/** The failure for a list that goes on by its counts, where the next page has no row that was not on this one. */
export function pageNotHeeded({ rows, rowCount }: RowsAndCount): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider’s list of transactions has ${rowCount} rows by its own counts, and after ${rows.length} of them the ` +
      'next page brought no new row: the page number does not seem to be heeded. Check that the base URL is the ' +
      'provider’s API and not a server of sample replies; else ask the provider.',
  );
}

/** The failure for a list whose rows and counts do not agree, and cannot be made to. */
export function countsDisagree({ rows, rowCount }: RowsAndCount): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider’s list of transactions has ${rowCount} rows by its own counts, total_items and total_pages, and ` +
      `gives ${rows.length} of them and no others, so it may not be whole. Ask again; if it stays so, ask the provider.`,
    { retryable: true },
  );
}

/** The failure for a list whose pages are too small to be aimed at. */
export function pagesTooSmall(pageSizeMax: number): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `The provider gives pages of ${pageSizeMax} rows whatever page_size says, so rows from the far end of the list, or ` +
      'from a second with many rows, cannot be found. Ask the provider about page_size.',
  );
}
