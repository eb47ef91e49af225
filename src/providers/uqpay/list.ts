import type * as z from 'zod';
import { secondMax } from '../../domain/instant.ts';
import type { CountedPage } from '../../ports/page.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { ReplyContext } from './client.ts';

/** The page sizes that every route accepts (reference section 8, rows 6 to 8). */
export const pageSizes = { pageSizeMin: 10, pageSizeMax: 100 } as const;

/** Query of a list page; `pageNumber` from 1 (reference section 8, rows 9 and 10). */
export function toPageQuery(pageNumber: number, pageSize: number): Record<string, string> {
  return { page_number: String(pageNumber), page_size: String(pageSize) };
}

/** The query of a time range. Both bounds are inclusive and apply to the create time (reference sections 5.2, 5.3). */
export function toRangeQuery({ fromSecond, toSecond }: SecondRange): Record<string, string> {
  return {
    ...(fromSecond === null ? {} : { start_time: toTimeText(fromSecond) }),
    ...(toSecond === null ? {} : { end_time: toTimeText(toSecond) }),
  };
}

/** The zone in which UQPAY writes its times (reference section 4.2). */
const zoneSeconds = 8 * 3_600;

/**
 * A bound in UQPAY's own zone, with its offset: a server that reads the offset and one that takes every time to be in
 * that zone both read the same moment. Only the last hours of the year 9999 have no such text.
 */
function toTimeText(second: number): string {
  const local = second + zoneSeconds;
  return local > secondMax ? `${dateTime(second)}Z` : `${dateTime(local)}+08:00`;
}

function dateTime(second: number): string {
  return new Date(second * 1_000).toISOString().slice(0, -5);
}

/** What was requested of a list page. */
export interface ListPageAsked {
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
  /** The account that all rows must belong to; null allows any. */
  readonly onBehalfOf: string | null;
}

/** Body of a list page (reference section 2.3). */
interface WireList<Row> {
  readonly total_items: number;
  readonly total_pages?: number | null | undefined;
  readonly data?: readonly Row[] | null | undefined;
}

/**
 * The rows of a list page and the list's counts. Throws UPSTREAM_SHAPE if the page has more rows than requested, a row
 * twice (by `idField`), a row of another account, or no row although the list has some there.
 */
export function parseList<Row extends { readonly account_id: string | null }>(
  schema: z.ZodType<WireList<Row>>,
  idField: keyof Row & string,
  asked: ListPageAsked,
  json: unknown,
  { name, details }: Pick<ReplyContext, 'name' | 'details'>,
): CountedPage<Row> {
  const {
    total_items: rowCount,
    total_pages: pageCount = null,
    data,
  } = parseShape(schema, json, name, details);
  const rows = data ?? [];
  const { pageNumber, pageSize, onBehalfOf } = asked;
  if (rows.length > pageSize) throw shapeFailure(name, 'data', `expected at most ${pageSize} rows`, details);
  if (rows.length === 0 && rowCount > (pageNumber - 1) * pageSize) {
    // The count and the rows may be of two moments; the next reply may agree with itself.
    const retryable = { ...details, retryable: true };
    throw shapeFailure(name, 'data', 'holds no rows although total_items says there are some', retryable);
  }
  const seen = new Set<unknown>();
  let rowIndex = 0;
  for (const row of rows) {
    if (!isOwnedBy(row, onBehalfOf)) throw foreignRow(`data[${rowIndex}].account_id`, { name, details });
    seen.add(row[idField]);
    if (seen.size <= rowIndex) {
      throw shapeFailure(name, `data[${rowIndex}].${idField}`, 'is on the page twice', details);
    }
    rowIndex += 1;
  }
  return { rows, rowCount, pageCount };
}

interface OwnedRow {
  readonly account_id: string | null;
}

/** Throws UPSTREAM_SHAPE if a row names another account than the requested one. */
export function checkOwner(
  row: OwnedRow,
  path: string,
  onBehalfOf: string | null,
  reply: Pick<ReplyContext, 'name' | 'details'>,
): void {
  if (!isOwnedBy(row, onBehalfOf)) throw foreignRow(path, reply);
}

function isOwnedBy({ account_id: owner }: OwnedRow, onBehalfOf: string | null): boolean {
  if (onBehalfOf === null || owner === null || owner === onBehalfOf) return true;
  return owner.toLowerCase() === onBehalfOf.toLowerCase();
}

function foreignRow(path: string, { name, details }: Pick<ReplyContext, 'name' | 'details'>) {
  return shapeFailure(name, path, 'is a row of another account', details);
}
