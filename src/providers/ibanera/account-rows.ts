import { Failure } from '../../domain/failure.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import { type ReadContext, withoutCache } from '../../ports/upstream.ts';
import { type AccountPage, type PageAsked, pageRoute, readAccountPage } from './account-page.ts';
import type { IbaneraClient } from './client.ts';
import type { ListEnds } from './list-ends.ts';
import { type Position, positionLost } from './position-token.ts';
import { countsMore, explainRepeated, isRepeated, numberIgnored, pagesOverlap } from './repeated-page.ts';

/** Pages that are searched for a row which newer rows have pushed back. */
const searchPagesMax = 4;

/** The rows that follow a position, newest first, up to one page. */
export interface RowsAfter {
  readonly rows: readonly Transaction[];
  /** Index of the first of them in the list as it is now. */
  readonly startIndex: number;
  /** Rows per page from now on; page numbers count pages of this size. */
  readonly pageSize: number;
  /** Whether more rows follow. */
  readonly hasMore: boolean;
  /** Whether a row of the page does not name its account: then only the request says whose it is. */
  readonly isNameless: boolean;
  readonly asOfMs: number;
}

/**
 * Reads the rows of one asset account after a position. Throws CURSOR_INVALID if the row before them cannot be found.
 */
export async function readRowsAfter(
  client: IbaneraClient,
  account: AccountRef,
  position: Position,
  ends: ListEnds,
  context: ReadContext,
): Promise<RowsAfter> {
  const { rowIndex, lastId } = position;
  const read = (asked: PageAsked) => readAccountPage(client, account, position, asked, context);
  const readAnew = (asked: PageAsked) =>
    readAccountPage(client, account, position, asked, withoutCache(context));
  // Starts with the page of the row before, which proves that the list has not moved.
  const pageOfPlace = (pageSize: number) => Math.floor(Math.max(0, rowIndex - 1) / pageSize) + 1;
  let asked: PageAsked = {
    pageNumber: pageOfPlace(position.pageSize),
    pageSize: position.pageSize,
    isGuess: false,
  };
  let isFound = lastId === null;
  let foundOn: FoundRow | null = null;
  let before: readonly Transaction[] = [];
  for (let pagesRead = 0; pagesRead < searchPagesMax; pagesRead += 1) {
    const { value, asOfMs } = await read(asked);
    const { pageNumber } = asked;
    if (pageNumber > 1 && value.pageSize < asked.pageSize) {
      // Page numbers count smaller pages now, so this is another part of the list.
      asked = { pageNumber: pageOfPlace(value.pageSize), pageSize: value.pageSize, isGuess: false };
      continue;
    }
    // Searched even after it was found: rows that arrive meanwhile push it to the next page.
    const foundIndex = value.rows.findIndex((row) => row.providerTransactionId === lastId);
    isFound ||= foundIndex !== -1;
    const rows = isFound ? value.rows.slice(foundIndex + 1) : [];
    const isEnd = await isLastAgain(value, before, asked, read);
    if (foundIndex !== -1 && !isRepeated(idsOf(value.rows), idsOf(before))) {
      if (foundOn !== null && !(await hasMoved(foundOn, readAnew))) throw outOfPlace(pageNumber);
      foundOn = { asked, rowIndex: foundIndex, id: lastId };
    }
    const oldest = isEnd || value.rows.length === 0 ? before.at(-1) : undefined;
    if (oldest !== undefined) ends.ended(position.assetAccountId, oldest.providerTransactionId);
    before = value.rows;
    const { hasMore, pageSize } = isEnd
      ? { hasMore: false, pageSize: value.pageSize }
      : await whatFollows(value, asked, position.assetAccountId, ends, read);
    if (isFound && (rows.length > 0 || !hasMore)) {
      const startIndex = (pageNumber - 1) * asked.pageSize + foundIndex + 1;
      return { rows, startIndex, pageSize, hasMore, isNameless: value.isNameless, asOfMs };
    }
    if (!hasMore) break;
    asked = { pageNumber: pageNumber + 1, pageSize, isGuess: (value.pageCount ?? 1) <= pageNumber };
  }
  throw positionLost();
}

/** The row of a position, and where it was found. */
interface FoundRow {
  readonly asked: PageAsked;
  readonly rowIndex: number;
  readonly id: string | null;
}

/** Whether a row that is also on a later page has moved from where it was found, pushed back by newer rows. */
async function hasMoved(
  { asked, rowIndex, id }: FoundRow,
  readAnew: (asked: PageAsked) => Promise<{ readonly value: AccountPage }>,
): Promise<boolean> {
  const { value } = await readAnew(asked);
  return value.rows[rowIndex]?.providerTransactionId !== id;
}

function outOfPlace(pageNumber: number): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    `Ibanera ${pageRoute.method} ${pageRoute.path} ${pagesOverlap} (page ${pageNumber}).`,
    { provider: 'IBANERA', ledger: 'ASSET', retryable: false },
  );
}

/**
 * Whether a page that repeats the one before it is the end of the list, shown again. Throws UPSTREAM_SHAPE if page
 * numbers are ignored, or if numberOfPages counts pages that do not exist.
 */
async function isLastAgain(
  { rows, pageCount }: AccountPage,
  before: readonly Transaction[],
  { pageNumber }: PageAsked,
  read: (asked: PageAsked) => Promise<{ readonly value: AccountPage }>,
): Promise<boolean> {
  const ids = idsOf(rows);
  if (!isRepeated(ids, idsOf(before))) return false;
  const repeated = await explainRepeated(ids, pageNumber, async (row) => idsOf((await read(row)).value.rows));
  if (repeated === 'list-moved' || (repeated === 'past-end' && pageCount === null))
    return repeated === 'past-end';
  throw new Failure(
    'UPSTREAM_SHAPE',
    `Ibanera ${pageRoute.method} ${pageRoute.path} ${repeated === 'number-ignored' ? numberIgnored : countsMore} (page ${pageNumber}).`,
    { ...{ provider: 'IBANERA', ledger: 'ASSET', retryable: repeated === 'past-end' } },
  );
}

function idsOf(rows: readonly Transaction[]): string[] {
  return rows.map(({ providerTransactionId }) => providerTransactionId);
}

/**
 * Whether rows follow a page, and how many rows the next pages have. A short first page does not prove that the list
 * ends: Ibanera may return fewer rows than requested without saying so. Then the page after it is requested, once.
 */
async function whatFollows(
  { rows, pageSize, pageCount }: AccountPage,
  asked: PageAsked,
  assetAccountId: string,
  ends: ListEnds,
  read: (asked: PageAsked) => Promise<{ readonly value: AccountPage }>,
): Promise<Pick<RowsAfter, 'hasMore' | 'pageSize'>> {
  const last = rows.at(-1);
  const isFirst = asked.pageNumber === 1;
  if (last === undefined) return { hasMore: false, pageSize };
  const shortSize = isFirst ? rows.length : pageSize;
  if (pageCount !== null && pageCount > 1) ends.counted();
  const isFull = rows.length === pageSize;
  // Only the page after a full one distinguishes a list of that length from one whose numberOfPages is always 1.
  const isDoubted = isFull && pageCount === 1 && !ends.countsPages;
  if (pageCount !== null && !isDoubted) {
    const hasMore = asked.pageNumber < pageCount;
    return { hasMore, pageSize: hasMore ? shortSize : pageSize };
  }
  if (isFull) {
    const hasMore = ends.isWhole(assetAccountId, rows.length, last.providerTransactionId) !== true;
    return { hasMore, pageSize };
  }
  // Full pages came before this one, or the reply states the size that it really used.
  if (!isFirst || pageSize < asked.pageSize) return { hasMore: false, pageSize };
  const isWhole = ends.isWhole(assetAccountId, rows.length, last.providerTransactionId);
  if (isWhole !== null) return { hasMore: !isWhole, pageSize: isWhole ? pageSize : shortSize };
  // Requested with the size that the first page seems to have: it begins right after that page, however Ibanera counts.
  const { value: next } = await read({ pageNumber: 2, pageSize: rows.length, isGuess: true });
  await isLastAgain(next, rows, { pageNumber: 2, pageSize: rows.length, isGuess: true }, read);
  const known = new Set(rows.map((row) => row.providerTransactionId));
  // Rows that arrived meanwhile push known rows onto this page; those prove nothing.
  const hasMore = next.rows.some((row) => !known.has(row.providerTransactionId));
  if (hasMore) ends.continued(rows.length);
  else ends.ended(assetAccountId, last.providerTransactionId);
  return { hasMore, pageSize: hasMore ? shortSize : pageSize };
}
