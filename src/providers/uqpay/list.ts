import type { FailureDetails } from '../../domain/failure.ts';
import type { CountedPage, UpstreamPage } from '../../ports/provider.ts';
import type { Reading } from '../../ports/upstream.ts';
import { shapeFailure } from '../shared/parse-shape.ts';
import type { ReplyPlace } from './client.ts';

/** Rows of a list page; valid on every route (reference section 8, rows 6 to 8). */
export const listPageSize = 100;

/** Query of a list page; `pageNumber` from 1 (reference section 8, rows 9 and 10). */
export function toPageQuery(pageNumber: number, pageSize: number): Record<string, string> {
  return { page_number: String(pageNumber), page_size: String(pageSize) };
}

/**
 * Pulls a list page by page until as many different rows were seen as the list says it has, or a page brings no
 * new one. The list moves while it is read, so that a row can turn up on two pages: the second time it is left
 * out.
 */
export async function* readPages<Row>(
  readPage: (pageNumber: number) => Promise<Reading<CountedPage<Row>>>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Reading<UpstreamPage<Row> & { readonly rowCount: number }>> {
  const seen = new Set<string>();
  for (let pageNumber = 1; ; pageNumber += 1) {
    const reading = await readPage(pageNumber);
    const { rowCount } = reading.value;
    const rows = reading.value.rows.filter((row) => !seen.has(keyOf(row)));
    for (const row of rows) seen.add(keyOf(row));
    const hasMore = rows.length > 0 && seen.size < rowCount;
    yield { ...reading, value: { rows, rowCount, hasMore } };
    if (!hasMore) return;
  }
}

/** UPSTREAM_SHAPE when a page holds more rows than were asked for, or one row twice. */
export function checkRows<Row>(
  rows: readonly Row[],
  field: keyof Row & string,
  pageSize: number,
  { name, details }: Pick<ReplyPlace, 'name' | 'details'>,
): void {
  if (rows.length > pageSize) throw shapeFailure(name, 'data', `expected at most ${pageSize} rows`, details);
  const seen = new Set<unknown>();
  for (const [rowIndex, row] of rows.entries()) {
    const value = row[field];
    if (seen.has(value))
      throw shapeFailure(name, `data[${rowIndex}].${field}`, 'is on the page twice', details);
    seen.add(value);
  }
}

/** UPSTREAM_SHAPE when a row says it belongs to another account than the one that was asked for. */
export function checkOwner(
  row: { readonly account_id: string | null },
  path: string,
  onBehalfOf: string | null,
  name: string,
  details: FailureDetails,
): void {
  if (onBehalfOf === null || row.account_id === null) return;
  if (row.account_id.toLowerCase() === onBehalfOf.toLowerCase()) return;
  throw shapeFailure(name, path, 'is a row of another account', details);
}
