import { compareInstants, type Instant } from '../../domain/instant.ts';
import type { MergedRow } from './merge.ts';
import { comparePositions, type Position, positionOf } from './order.ts';
import type { PageCursors, SourceOutcome, TransactionPage } from './page.ts';
import { countOf, countPage, type PageCounts, sumOrUnknown } from './page-counts.ts';
import { toPageCursors } from './page-cursors.ts';
import { type GroupOutcome, RangeReading } from './range-reading.ts';
import type { PageReading, PageTask } from './read-page.ts';
import type { SourceGroup } from './source-groups.ts';
import type { HeldPosition, Jump, PageAnchor, TransactionCursor } from './transaction-cursor.ts';

/** Builds the page that callers see from the rows that were read. */
export function assemblePage(task: PageTask, page: PageReading): TransactionPage {
  const { size } = task.pageArguments;
  const { reading, taken, offset } = page;
  const rows = taken.slice(offset, offset + size);
  const counts = isCountable(page) ? countPage(page) : uncounted(page);
  const isNewestFirst = reading.start.order === 'newest-first';
  const isWhole = reading.outcomes().every(({ failure }) => failure === null);
  const hasRowsBefore = offset > 0 && taken.length > 0;
  const hasRowsAfter = taken.length > offset + size;

  const nextPage = once(async () => {
    if (hasRowsAfter || (isNewestFirst && page.stoppedByUntil)) return true;
    return isNewestFirst ? reading.hasMore() : hasRowsBeyondStart(page);
  });
  const previousPage = once(async () => {
    if (hasRowsBefore || (!isNewestFirst && page.stoppedByUntil)) return true;
    return isNewestFirst ? hasRowsBeyondStart(page) : reading.hasMore();
  });
  const cursorAt = (rowIndex: number, jump: Jump | null) =>
    task.codec.encode(cursorOfRow(page, rows, counts, rowIndex, jump));

  return {
    rows: rows.map(({ row }) => row),
    cursorOf: (rowIndex) => cursorAt(rowIndex, null),
    resumeCursor: isWhole ? null : task.pageArguments.cursor,
    hasNextPage: nextPage,
    hasPreviousPage: previousPage,
    totalCount: async () => (isWhole ? sumOrUnknown(counts.totals) : null),
    pageCursors: async () => (isWhole ? pagerOf(counts, rows.length, size, cursorAt) : null),
    asOf: page.snapshotBound,
    sources: sourcesOf(page, rows),
  };
}

/**
 * Whether the window has rows on the side of the start that was not read. The row that the cursor names
 * proves it if it was read again; only if that row is gone is a read beyond the start needed.
 */
async function hasRowsBeyondStart({ reading, frame }: PageReading): Promise<boolean> {
  const { cursor, order, inclusive } = reading.start;
  if (cursor === null) return false;
  if (reading.metRowsBehind) return true;
  const beyond = new RangeReading(frame, {
    order: order === 'newest-first' ? 'oldest-first' : 'newest-first',
    inclusive: !inclusive,
    cursor,
    need: 1,
  });
  // A group that failed may have some: answering no would lose them.
  return (await beyond.peek()) !== null || beyond.outcomes().some(({ failure }) => failure !== null);
}

function cursorOfRow(
  page: PageReading,
  rows: readonly MergedRow[],
  counts: PageCounts,
  rowIndex: number,
  jump: Jump | null,
): TransactionCursor {
  const named = rows[rowIndex] as MergedRow;
  const upTo = rows.slice(0, rowIndex + 1);
  const position = positionOf(named.row);
  const held = heldPositions(page, rows, rowIndex);
  return {
    snapshotBound: page.snapshotBound,
    position,
    groupIndex: named.groupIndex,
    indexes: counts.before.map((before, groupIndex) =>
      before === null ? null : before + countOf(upTo, groupIndex),
    ),
    totals: counts.totals,
    held,
    snapshotBounds: snapshotBoundsOf(page, rows),
    anchors: anchorsOf(page, (groupIndex) => held[String(groupIndex)] ?? position),
    mode: page.frame.mode,
    jump,
  };
}

/** For groups that need one: the page from which a position is found again. */
export function anchorsOf(
  { reading, frame }: Pick<PageReading, 'reading' | 'frame'>,
  positionIn: (groupIndex: number) => Position,
): Record<string, PageAnchor> {
  const anchors: Record<string, PageAnchor> = {};
  for (const groupIndex of frame.groups.keys()) {
    const anchor = reading.anchorOf(groupIndex, positionIn(groupIndex));
    if (anchor !== null) anchors[groupIndex] = anchor;
  }
  return anchors;
}

/**
 * Groups whose position is not that of the named row: one that failed stays at its last row, and while one
 * catches up after a failure, the others are ahead of its rows.
 */
function heldPositions(
  { reading, frame }: PageReading,
  rows: readonly MergedRow[],
  rowIndex: number,
): Record<string, HeldPosition> {
  const isNewestFirst = reading.start.order === 'newest-first';
  const failed = new Set(
    reading
      .outcomes()
      .filter(({ failure }) => failure !== null)
      .map(({ groupIndex }) => groupIndex),
  );
  const isRepair = Object.keys(reading.start.cursor?.held ?? {}).length > 0;
  if (failed.size === 0 && !isRepair) return {};
  const at = positionOf((rows[rowIndex] as MergedRow).row);
  const held: Record<string, HeldPosition> = {};
  const side = isNewestFirst ? 'after' : 'before';
  for (const groupIndex of frame.groups.keys()) {
    const start = reading.heldAtStart(groupIndex) ?? {
      ...reading.startOf(groupIndex),
      side: reading.start.inclusive === isNewestFirst ? 'before' : 'after',
    };
    if (failed.has(groupIndex)) {
      const given = isNewestFirst ? rows.slice(0, rowIndex + 1).reverse() : rows.slice(rowIndex);
      const last = given.find((row) => row.groupIndex === groupIndex);
      held[groupIndex] = last === undefined ? start : { ...positionOf(last.row), side };
    } else if (comparePositions(start, at) > 0 === isNewestFirst && comparePositions(start, at) !== 0) {
      held[groupIndex] = start;
    }
  }
  return held;
}

/**
 * Upper ends of groups that did not answer when the snapshot bound was fixed. If one has returned rows since,
 * the newest of them ends its window. The end stays open while none was seen, and when reading towards newer
 * rows, because more may follow.
 */
function snapshotBoundsOf(
  { reading, snapshotBound }: PageReading,
  rows: readonly MergedRow[],
): Record<string, Instant | null> {
  const { cursor, order, unbounded } = reading.start;
  const snapshotBounds: Record<string, Instant | null> = { ...cursor?.snapshotBounds };
  for (const groupIndex of unbounded ?? []) snapshotBounds[groupIndex] = null;
  if (order === 'oldest-first') return snapshotBounds;
  for (const { groupIndex, failure } of reading.outcomes()) {
    const isOpen = cursor === null ? failure !== null : snapshotBounds[String(groupIndex)] === null;
    if (!isOpen) continue;
    const newest = rows.find((row) => row.groupIndex === groupIndex)?.row.createdAt;
    delete snapshotBounds[String(groupIndex)];
    if (newest === undefined && failure !== null) snapshotBounds[groupIndex] = null;
    else if (newest !== undefined && compareInstants(newest, snapshotBound) > 0)
      snapshotBounds[groupIndex] = newest;
  }
  return snapshotBounds;
}

function pagerOf(
  counts: PageCounts,
  rowsOnPage: number,
  pageSize: number,
  cursorAt: (rowIndex: number, jump: Jump) => string,
): PageCursors | null {
  const rowCount = sumOrUnknown(counts.totals);
  const firstRowIndex = sumOrUnknown(counts.before);
  if (rowCount === null || firstRowIndex === null || (rowsOnPage === 0 && rowCount > 0)) return null;
  return toPageCursors({ firstRowIndex, rowCount, pageSize, rowsOnPage, cursorAt });
}

/** Whether the lists' counts match what callers see; false if a list has rows of other accounts. */
function isCountable({ frame }: PageReading): boolean {
  return frame.groups.every(
    (group) => group.account.providerAccountId !== null || !frame.dependenciesOf(group).observed.showsOthers,
  );
}

function uncounted({ frame }: PageReading): PageCounts {
  const unknown = frame.groups.map(() => null);
  return { before: unknown, totals: unknown };
}

/** The outcomes of the sources of these rows. */
export function sourcesOf(
  { reading, frame }: Pick<PageReading, 'reading' | 'frame'>,
  rows: readonly MergedRow[],
): SourceOutcome[] {
  return reading.outcomes().map(({ groupIndex, failure, leftOut, staleBecause }) => {
    const group = frame.groups[groupIndex] as SourceGroup;
    const gaveRows = countOf(rows, groupIndex) > 0;
    return {
      provider: group.account.provider,
      ledger: group.ledger,
      providerAccountId: group.account.providerAccountId,
      state: stateOf({ failure, leftOut, staleBecause }, gaveRows),
      failure: failure ?? leftOut ?? staleBecause,
    };
  });
}

function stateOf(
  { failure, leftOut, staleBecause }: Omit<GroupOutcome, 'groupIndex'>,
  gaveRows: boolean,
): SourceOutcome['state'] {
  if (failure !== null) return gaveRows ? 'PARTIAL' : 'FAILED';
  if (leftOut !== null) return 'PARTIAL';
  return staleBecause !== null ? 'STALE' : 'OK';
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | null = null;
  return () => {
    answer ??= ask();
    return answer;
  };
}
