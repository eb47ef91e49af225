import type { TransactionPaginator } from '../../src/data/pagination/index.ts';
import { comparePositions, compareRows, type Position, positionOf } from '../../src/data/pagination/order.ts';
import type { PageArguments, TransactionPage, TransactionSelection } from '../../src/data/pagination/page.ts';
import { isAllFailed } from '../../src/data/sources.ts';
import { compareInstants, type Instant } from '../../src/domain/instant.ts';
import type { Transaction } from '../../src/domain/model.ts';
import type { Random } from './random.ts';
import { makeContext } from './walks.ts';

/** The upstream's own data, which a test may change at any time. */
export interface MovingRecord {
  /** All rows of all lists. */
  rows(): readonly Transaction[];
  /** Runs the hook before every upstream call; null stops it. */
  beforeEachCall(hook: (() => void) | null): void;
  /** One change to the data; `near` is the current position of the walk. */
  mutate(random: Random, near: Transaction | null): void;
}

/** One walk to make. */
export interface WalkTask {
  readonly paginator: TransactionPaginator;
  readonly record: MovingRecord;
  readonly selection: TransactionSelection;
  readonly matches: (row: Transaction) => boolean;
  readonly random: Random;
  readonly pagesMax: number;
  /** Chance, from 0 to 1, of a change before an upstream call. */
  readonly mutationRate: number;
  /** Chance of changing direction after a page. */
  readonly turnRate: number;
  /** Whether pages are requested with their totals; default no. */
  readonly wantsTotal?: boolean;
}

/**
 * Pages through a list with random sizes and directions while the data changes between upstream calls, and checks
 * each page against the data: it has every row between its start and its end that existed both before and after it
 * was read; it is in order; no row is outside the window; its flags are right. Throws an Error that names the broken
 * promise.
 */
export async function walkHostilely(task: WalkTask): Promise<{ pages: number; rows: number }> {
  const { random, record } = task;
  let page: TransactionPage | null = null;
  let direction: 'forward' | 'backward' = random.next() < 0.75 ? 'forward' : 'backward';
  let pages = 0;
  let rows = 0;
  while (pages < task.pagesMax) {
    const edge: Transaction | null = (direction === 'forward' ? page?.rows.at(-1) : page?.rows[0]) ?? null;
    const cursor: string | null =
      page === null || page.rows.length === 0
        ? null
        : page.cursorOf(direction === 'forward' ? page.rows.length - 1 : 0);
    if (page !== null && cursor === null) break;
    const size = random.pick([1, 2, 5, 10, 20, 33, 50, 99, 100]);
    const before = new Map(record.rows().map((row) => [row.providerTransactionId, row]));
    record.beforeEachCall(() => {
      if (random.next() < task.mutationRate) record.mutate(random, edge);
    });
    const { wantsTotal = false } = task;
    const args: PageArguments = { direction, size, cursor, until: null, wantsTotal };
    const next: TransactionPage = await task.paginator.page(task.selection, args, makeContext());
    record.beforeEachCall(null);
    if (isAllFailed(next.sources)) throw next.sources[0]?.failure;
    const stable = record
      .rows()
      .filter((row) => before.get(row.providerTransactionId) === row && task.matches(row));
    const hasMore: boolean =
      direction === 'forward' ? await next.hasNextPage() : await next.hasPreviousPage();
    check(next, {
      direction,
      size,
      from: edge === null ? null : positionOf(edge),
      stable,
      hasMore,
      pin: page?.asOf,
    });
    if (task.mutationRate === 0) await checkStill(next, stable, edge === null);
    pages++;
    rows += next.rows.length;
    page = next;
    if (random.next() < task.turnRate) direction = direction === 'forward' ? 'backward' : 'forward';
    else if (!hasMore) break;
  }
  return { pages, rows };
}

interface Expectation {
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  readonly from: Position | null;
  readonly stable: readonly Transaction[];
  readonly hasMore: boolean;
  readonly pin: Instant | undefined;
}

function check(page: TransactionPage, { direction, size, from, stable, hasMore, pin }: Expectation): void {
  const forward = direction === 'forward';
  if (pin !== undefined && compareInstants(pin, page.asOf) !== 0)
    throw new Error('asOf moved within the walk');
  page.rows.forEach((row, rowIndex) => {
    const previous = page.rows[rowIndex - 1];
    if (previous !== undefined && compareRows(previous, row) >= 0)
      throw new Error(`out of order at ${rowIndex}`);
    if (compareInstants(row.createdAt, page.asOf) > 0) throw new Error('a row from beyond the window');
    if (from !== null && comparePositions(positionOf(row), from) > 0 !== forward) {
      throw new Error(`repeated ${row.providerTransactionId}`);
    }
  });
  if (page.rows.length < size && hasMore) throw new Error('a short page although more rows follow');
  const edge = forward ? page.rows.at(-1) : page.rows[0];
  const shown = new Set(page.rows.map((row) => row.providerTransactionId));
  const inWindow = stable.filter((row) => compareInstants(row.createdAt, page.asOf) <= 0);
  for (const row of inWindow) {
    const at = positionOf(row);
    const isAfterStart =
      from === null || (forward ? comparePositions(at, from) > 0 : comparePositions(at, from) < 0);
    if (!isAfterStart) continue;
    const step = edge === undefined ? 1 : comparePositions(at, positionOf(edge));
    const isWithinPage = edge !== undefined && (forward ? step <= 0 : step >= 0);
    if (isWithinPage && !shown.has(row.providerTransactionId))
      throw new Error(`lost ${row.providerTransactionId}`);
    if (!isWithinPage && !hasMore) throw new Error(`said to be the end before ${row.providerTransactionId}`);
  }
}

/** What is exact if nothing moves. */
async function checkStill(
  page: TransactionPage,
  stable: readonly Transaction[],
  isFirst: boolean,
): Promise<void> {
  const window = stable.filter((row) => compareInstants(row.createdAt, page.asOf) <= 0);
  const total = await page.totalCount();
  if (total !== null && total !== window.length) throw new Error(`totalCount ${total}, not ${window.length}`);
  const [top] = page.rows;
  const bottom = page.rows.at(-1);
  if (top === undefined || bottom === undefined) return;
  const hasBefore = window.some((row) => compareRows(row, top) < 0);
  const hasAfter = window.some((row) => compareRows(row, bottom) > 0);
  if ((await page.hasPreviousPage()) !== hasBefore)
    throw new Error(`hasPreviousPage is not ${hasBefore} ${isFirst}`);
  if ((await page.hasNextPage()) !== hasAfter) throw new Error(`hasNextPage is not ${hasAfter}`);
}
