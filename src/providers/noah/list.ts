import type * as z from 'zod';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { ReplyContext } from './client.ts';

/** Rows on a list page: the bound that sibling routes declare (reference section 12). */
export const listPageSize = 100;
const pageTokenLengthMax = 4_096;

/** Rows of one page and the token of the next; null on the last page. */
export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly nextPageToken: string | null;
}

/** Query of a list page; a null token requests the first. */
export function toPageQuery(pageToken: string | null): Record<string, string> {
  return { PageSize: String(listPageSize), ...(pageToken === null ? {} : { PageToken: pageToken }) };
}

/**
 * Parses one page of a list. Throws UPSTREAM_SHAPE if it has more rows than requested, a row twice, or a token that
 * leads back to itself or is too long to send.
 */
export function parseList<Row>(
  schema: z.ZodType<{ readonly Items: readonly Row[]; readonly PageToken: string | null }>,
  keyOf: (row: Row) => string,
  askedPageToken: string | null,
  json: unknown,
  { name, details }: ReplyContext,
): ListPage<Row> {
  const { Items: rows, PageToken: nextPageToken } = parseShape(schema, json, name, details);
  const fail = (path: string, problem: string) => shapeFailure(name, path, problem, details);
  if (rows.length > listPageSize) throw fail('Items', `expected at most ${listPageSize} rows`);
  if (new Set(rows.map(keyOf)).size < rows.length) throw fail('Items', 'holds a row twice');
  if (nextPageToken !== null) {
    if (nextPageToken === askedPageToken) throw fail('PageToken', 'leads back to the same page');
    if (nextPageToken.length > pageTokenLengthMax) throw fail('PageToken', 'is too long');
  }
  return { rows, nextPageToken };
}
