import type * as z from 'zod';
import type { CountedPage, UpstreamPage } from '../../ports/page.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { ReplyPlace } from './client.ts';

/** Rows of a list page; valid on every route (reference section 8, rows 6 to 8). */
export const listPageSize = 100;

/** Query of a list page; `pageNumber` from 1 (reference section 8, rows 9 and 10). */
export function toPageQuery(pageNumber: number, pageSize: number): Record<string, string> {
  return { page_number: String(pageNumber), page_size: String(pageSize) };
}

/** How often a list that changes its length under the reader is read over again. */
const passesMax = 3;

type CountedReading<Row> = Reading<UpstreamPage<Row> & { readonly rowCount: number }>;

/**
 * Pulls a list page by page until as many different rows were seen as the list says it has, or a page brings no
 * new one. The list moves while it is read: a row that turns up on two pages is left out the second time, and when
 * the length changed on the way the pages are read once more, because a row that left may have drawn another one
 * over to a page that was read already.
 */
export function readPages<Row>(
  readPage: (pageNumber: number, isReadAgain: boolean) => Promise<Reading<CountedPage<Row>>>,
  keyOf: (row: Row) => string,
): AsyncIterable<CountedReading<Row>> {
  return { [Symbol.asyncIterator]: () => new PagePull(readPage, keyOf) };
}

/** An iterator and not a generator, which passes each page through two promises more. One page is pulled at a time. */
class PagePull<Row> implements AsyncIterator<CountedReading<Row>> {
  private readonly readPage: (pageNumber: number, isReadAgain: boolean) => Promise<Reading<CountedPage<Row>>>;
  private readonly keyOf: (row: Row) => string;
  /** Keys of rows that were handed on; null before there is a second page to bring one again. */
  private seen: Set<string> | null = null;
  private pass = 1;
  private countOfPass: number | null = null;
  private rowsPerPage = listPageSize;
  /** The next page, from 1; null at the end. */
  private pageNumber: number | null = 1;

  constructor(readPage: PagePull<Row>['readPage'], keyOf: (row: Row) => string) {
    this.readPage = readPage;
    this.keyOf = keyOf;
  }

  async next(): Promise<IteratorResult<CountedReading<Row>>> {
    const { pageNumber } = this;
    if (pageNumber === null) return { done: true, value: undefined };
    // The end, should this page fail.
    this.pageNumber = null;
    const reading = await this.readPage(pageNumber, this.pass > 1);
    const { rowCount } = reading.value;
    const rows = this.newOf(reading.value.rows);
    const hasMoved = this.countOfPass !== null && this.countOfPass !== rowCount;
    this.countOfPass ??= rowCount;
    if (pageNumber === 1) this.rowsPerPage = reading.value.rows.length;
    const isLast = reading.value.rows.length === 0 || pageNumber * this.rowsPerPage >= rowCount;
    const isReadOver = hasMoved && this.pass < passesMax;
    if (isReadOver) {
      this.pass += 1;
      this.countOfPass = null;
      this.pageNumber = 1;
    } else if (!isLast) this.pageNumber = pageNumber + 1;
    const hasMore = isReadOver || !isLast;
    if (hasMore) this.remember(rows);
    return { value: { ...reading, value: { rows, rowCount, hasMore } } };
  }

  private newOf(rows: readonly Row[]): readonly Row[] {
    const { seen } = this;
    return seen === null ? rows : rows.filter((row) => !seen.has(this.keyOf(row)));
  }

  private remember(rows: readonly Row[]): void {
    this.seen ??= new Set();
    for (const row of rows) this.seen.add(this.keyOf(row));
  }
}

/** The same reads, none of them remembered. */
export function anew(context: ReadContext): ReadContext {
  return { ...context, maxAgeSeconds: 0 };
}

/** What a list page was asked for. */
export interface ListPageAsked {
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
  /** Account whose rows they must be; null leaves it open. */
  readonly onBehalfOf: string | null;
}

/** Body of a list page (reference section 2.3). */
interface WireList<Row> {
  readonly total_items: number;
  readonly data?: readonly Row[] | null | undefined;
}

/**
 * Rows of a list page and how many rows the list has. UPSTREAM_SHAPE when the page has more rows than were asked
 * for, a row twice (by `idField`), a row of another account, or no row although the list has some there.
 */
export function parseList<Row extends { readonly account_id: string | null }>(
  schema: z.ZodType<WireList<Row>>,
  idField: keyof Row & string,
  asked: ListPageAsked,
  json: unknown,
  { name, details }: Pick<ReplyPlace, 'name' | 'details'>,
): CountedPage<Row> {
  const { total_items: rowCount, data } = parseShape(schema, json, name, details);
  const rows = data ?? [];
  const { pageNumber, pageSize, onBehalfOf } = asked;
  if (rows.length > pageSize) throw shapeFailure(name, 'data', `expected at most ${pageSize} rows`, details);
  if (rows.length === 0 && rowCount > (pageNumber - 1) * pageSize) {
    // The count and the rows may come from two moments: the next answer may agree with itself.
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
  return { rows, rowCount };
}

interface OwnedRow {
  readonly account_id: string | null;
}

/** UPSTREAM_SHAPE when a row says it belongs to another account than the one that was asked for. */
export function checkOwner(
  row: OwnedRow,
  path: string,
  onBehalfOf: string | null,
  place: Pick<ReplyPlace, 'name' | 'details'>,
): void {
  if (!isOwnedBy(row, onBehalfOf)) throw foreignRow(path, place);
}

function isOwnedBy({ account_id: owner }: OwnedRow, onBehalfOf: string | null): boolean {
  if (onBehalfOf === null || owner === null || owner === onBehalfOf) return true;
  return owner.toLowerCase() === onBehalfOf.toLowerCase();
}

function foreignRow(path: string, { name, details }: Pick<ReplyPlace, 'name' | 'details'>) {
  return shapeFailure(name, path, 'is a row of another account', details);
}
