import type { Instant } from '../../domain/instant.ts';
import type { MergedRow } from './merge.ts';
import { positionOf } from './order.ts';
import type { PageArguments } from './page.ts';
import { type PageFrame, RangeReading, type Start } from './range-reading.ts';
import type { TransactionCursor, TransactionCursorCodec } from './transaction-cursor.ts';

/** One page to read. */
export interface PageTask {
  readonly frame: PageFrame;
  readonly codec: TransactionCursorCodec;
  readonly cursor: TransactionCursor | null;
  readonly until: TransactionCursor | null;
  readonly pageArguments: PageArguments;
  /** The gateway's time; it is the end of the window only if the lists have no rows. */
  readonly readAt: Instant;
}

/** A reading that has taken the rows of a page. */
export interface PageReading {
  readonly reading: RangeReading;
  /** The frame with its snapshot bound fixed. */ readonly frame: PageFrame;
  readonly snapshotBound: Instant;
  /** All rows taken, newest first. */
  readonly taken: readonly MergedRow[];
  /** The page is `taken[offset, offset + size)`. */
  readonly offset: number;
  /** Whether the page ends at the other cursor of the arguments. */
  readonly stoppedByUntil: boolean;
}

/**
 * Reads the rows of one page: from a cursor, from an end of the window, or at the target of a numbered pager.
 */
export function readPage(task: PageTask): Promise<PageReading> {
  const { cursor, pageArguments, frame } = task;
  const jump = cursor?.jump ?? null;
  if (pageArguments.direction === 'backward') {
    return frame.window.snapshotBound === null
      ? readFromEnd(task, pageArguments.size)
      : readOnwards(task, 0, false);
  }
  if (jump === null) return readOnwards(task, 0, false);
  if (jump.from === 'end') return readFromEnd(task, jump.rows);
  if (jump.from === 'after') return readOnwards(task, jump.rows, false);
  return jump.rows < 0 ? readBackTo(task, -jump.rows) : readOnwards(task, 0, true);
}

/** Reads in the direction of the arguments, skipping `skip` rows first. */
async function readOnwards(task: PageTask, skip: number, inclusive: boolean): Promise<PageReading> {
  const { frame, cursor, until, pageArguments } = task;
  const { direction, size } = pageArguments;
  const order = direction === 'forward' ? 'newest-first' : 'oldest-first';
  const wantsTotal = pageArguments.wantsTotal && cursor === null;
  const start: Start = { order, inclusive, cursor, need: skip + size + 1, wantsTotal };
  const reading = new RangeReading(frame, start);
  const snapshotBound = await snapshotBoundOf(task, reading);
  const stoppedByUntil = await reading.takeRows(skip + size, until?.position ?? null);
  return toPageReading(frame, snapshotBound, reading, skip, stoppedByUntil);
}

/**
 * Reads the last `rowCount` rows of the window. Reads the newest row first, because it fixes the snapshot
 * bound.
 */
async function readFromEnd(task: PageTask, rowCount: number): Promise<PageReading> {
  const { frame, cursor, until } = task;
  const top = new RangeReading(frame, { order: 'newest-first', inclusive: false, cursor: null, need: 1 });
  const snapshotBound = await snapshotBoundOf(task, top);
  if (top.isFailed) return toPageReading(frame, snapshotBound, top);
  const isCounted = frame.window.snapshotBound === null;
  if (isCounted && top.isComplete && until === null) {
    await top.takeRows(Number.POSITIVE_INFINITY, null);
    return toPageReading(frame, snapshotBound, top, Math.max(0, top.rows.length - rowCount));
  }
  // The cursor says where the snapshot's window ends; a reply with another count corrects that.
  const counts = frame.groups.map((_, groupIndex) =>
    isCounted ? top.remaining(groupIndex) : (cursor?.totals[groupIndex] ?? null),
  );
  const failed = top.outcomes().filter(({ failure }) => failure !== null);
  const unbounded = new Set(
    frame.window.snapshotBound === null ? failed.map(({ groupIndex }) => groupIndex) : [],
  );
  const start: Start = {
    ...{ order: 'oldest-first', inclusive: false, cursor: null, need: rowCount + 1 },
    unbounded,
  };
  const reading = new RangeReading(bounded(frame, snapshotBound).frame, start, counts);
  const stoppedByUntil = await reading.takeRows(rowCount, until?.position ?? null);
  return toPageReading(frame, snapshotBound, reading, 0, stoppedByUntil);
}

/** Reads the page that begins `rowsBefore` rows before the row the cursor names. */
async function readBackTo(task: PageTask, rowsBefore: number): Promise<PageReading> {
  const { frame, cursor, pageArguments } = task;
  const snapshotBound = frame.window.snapshotBound as Instant;
  const start: Start = { order: 'oldest-first', inclusive: false, cursor, need: rowsBefore + 1 };
  const reading = new RangeReading(frame, start);
  await reading.takeRows(rowsBefore, null);
  const first = reading.rows.at(-1);
  if (cursor === null || first === undefined || pageArguments.size <= reading.rows.length) {
    return toPageReading(frame, snapshotBound, reading);
  }
  // A page larger than the pager's goes past the cursor's row: read on from the page's own first row.
  const from: TransactionCursor = {
    ...cursor,
    position: positionOf(first.row),
    groupIndex: first.groupIndex,
    indexes: frame.groups.map((_, groupIndex) => {
      const before = reading.remaining(groupIndex);
      return before === null ? null : before + Number(groupIndex === first.groupIndex);
    }),
    jump: { rows: 0, from: 'row' },
  };
  return readOnwards({ ...task, cursor: from }, 0, true);
}

/** The upper end of the window: the one in the cursor, else the newest row in the lists. */
async function snapshotBoundOf(task: PageTask, reading: RangeReading): Promise<Instant> {
  if (task.frame.window.snapshotBound !== null) return task.frame.window.snapshotBound;
  const newest = await reading.peek();
  return newest?.row.createdAt ?? task.readAt;
}

/** The frame with its window pinned. */
export function bounded(
  frame: PageFrame,
  snapshotBound: Instant,
): { frame: PageFrame; snapshotBound: Instant } {
  return { frame: { ...frame, window: { ...frame.window, snapshotBound } }, snapshotBound };
}

function toPageReading(
  frame: PageFrame,
  snapshotBound: Instant,
  reading: RangeReading,
  offset = 0,
  stoppedByUntil = false,
): PageReading {
  const taken = reading.start.order === 'newest-first' ? reading.rows : reading.rows.toReversed();
  return { ...bounded(frame, snapshotBound), reading, taken, offset, stoppedByUntil };
}
