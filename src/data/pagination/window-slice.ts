import { transactionText } from '../../domain/global-id.ts';
import { ceilSecond } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { openGroup, type ReaderDependencies } from './group-reader.ts';
import type { ListPage } from './numbered-page.ts';
import type { Position } from './order.ts';
import { wholeWindow } from './range-query.ts';
import { allRowsNeed, takeAll } from './row-reader.ts';
import type { PageNumberGroup } from './source-groups.ts';
import type { UpstreamList } from './upstream-list.ts';

/** Dependencies for reading a slice of a window. */
export interface SliceTask {
  readonly group: PageNumberGroup;
  readonly dependencies: ReaderDependencies;
  readonly source: UpstreamList;
}

/** A time range whose first page was read. */
export interface CountedSlice {
  readonly slice: TimeSpan;
  readonly firstPage: ListPage;
  /** Rows of the range. */
  readonly rowCount: number;
  /** Pages not read yet. */
  readonly callsLeft: number;
  /** Whether the page and the provider's counts agree. */
  readonly isCounted: boolean;
  /** Identity, status and amount of the rows of the first page, to detect a change of the list. */
  readonly firstRows: readonly (readonly (string | null)[])[];
}

/** Pages of one list that are requested at the same time. */
const pagesAtOnce = 4;
/** How often a list is read again from its first page because its count changed meanwhile. */
const restartsMax = 1;

/** Reads the first page of a range. */
export async function countSlice(
  { source }: SliceTask,
  slice: TimeSpan,
  again = false,
): Promise<CountedSlice> {
  const pageSize = source.sizes.pageSizeMax;
  const firstPage = await source.page(toRange(slice), 1, pageSize, again);
  const { rows, rowCount, isCounted } = firstPage;
  const isFull = rows.length === Math.min(pageSize, rowCount);
  return {
    ...{ slice, firstPage, rowCount },
    callsLeft: Math.max(0, Math.ceil(rowCount / pageSize) - 1),
    isCounted: isCounted && isFull,
    firstRows: rows.map((row) => [transactionText(row), row.statusRaw, row.amount?.amount ?? null]),
  };
}

/**
 * The rows of a range, each once. Its pages are read by number; each must report the count of the first one,
 * and only rows that no other page has. If the list moves meanwhile, it is read again from its start, and
 * then from the last consistent page on, by ranges that new rows cannot shift.
 */
export async function readSlice(task: SliceTask, counted: CountedSlice): Promise<readonly Transaction[]> {
  let now = counted;
  for (let restarts = 0; now.isCounted; restarts++) {
    const { rows, isWhole } = await readPages(task, now, restarts > 0);
    if (isWhole) return rows;
    if (restarts === restartsMax) return [...rows, ...(await readOn(task, now.slice, rows))];
    now = await countSlice(task, now.slice, true);
  }
  return readOn(task, now.slice, []);
}

/** The rows of the consistent pages, and whether all pages were consistent. */
async function readPages(
  { source }: SliceTask,
  { slice, firstPage, rowCount }: CountedSlice,
  again: boolean,
): Promise<{ readonly rows: readonly Transaction[]; readonly isWhole: boolean }> {
  const pageSize = source.sizes.pageSizeMax;
  const pageCount = Math.max(1, Math.ceil(rowCount / pageSize));
  const range = toRange(slice);
  const found = new Map(firstPage.rows.map((row) => [transactionText(row), row]));
  for (let next = 2; next <= pageCount; next += pagesAtOnce) {
    const numbers = Array.from({ length: Math.min(pagesAtOnce, pageCount - next + 1) }, (_, at) => next + at);
    const pages = await Promise.all(
      numbers.map((pageNumber) => source.pageIfThere(range, pageNumber, pageSize, again)),
    );
    for (const page of pages) {
      const rowsExpected = Math.min(pageSize, rowCount - found.size);
      const isFitting =
        page?.isCounted === true &&
        page.rowCount === rowCount &&
        page.rows.length === rowsExpected &&
        page.rows.every((row) => !found.has(transactionText(row)));
      if (!isFitting) return { rows: [...found.values()], isWhole: false };
      for (const row of page.rows) found.set(transactionText(row), row);
    }
  }
  return { rows: [...found.values()], isWhole: found.size === rowCount };
}

/** The rows of a range beyond the known ones, including the whole second in which those end. */
async function readOn(
  { group, dependencies, source: { observed } }: SliceTask,
  { from, to }: TimeSpan,
  known: readonly Transaction[],
): Promise<readonly Transaction[]> {
  const order = observed.order ?? 'newest-first';
  const isNewestFirst = order === 'newest-first';
  const seconds = known.map(({ createdAt }) => createdAt.second);
  const boundary = isNewestFirst ? Math.min(...seconds) : Math.max(...seconds);
  const { reader } = openGroup(
    { ...group, local: { ...group.local, matches: null } },
    {
      ...wholeWindow,
      order,
      start: known.length === 0 ? null : isNewestFirst ? newerThan(boundary) : olderThan(boundary),
      ...{ createdFrom: from, createdTo: to, need: allRowsNeed },
    },
    'local',
    dependencies,
  );
  return takeAll(reader);
}

/** Just before the newest row of a second, fractions included. */
function newerThan(second: number): Position {
  return { second: second + 1, nano: 0, id: '\u{10ffff}' };
}

/** Just after the oldest row of a second. */
function olderThan(second: number): Position {
  return { second: second - 1, nano: 999_999_999, id: '' };
}

function toRange({ from, to }: TimeSpan): SecondRange {
  return { fromSecond: from.second, toSecond: ceilSecond(to) };
}
