import type { Instant } from '../../domain/instant.ts';
import type { MergedRow } from './merge.ts';
import { positionOf } from './order.ts';
import type { PageArguments } from './page.ts';
import { type Start, StretchReading, type WalkFrame } from './range-reading.ts';
import type { WalkCursor, WalkCursorCodec } from './transaction-cursor.ts';

/** One page to read. */
export interface PageTask {
  readonly frame: WalkFrame;
  readonly codec: WalkCursorCodec;
  readonly cursor: WalkCursor | null;
  readonly until: WalkCursor | null;
  readonly pageArguments: PageArguments;
  /** Our clock; it stands in for the end of the window only where a list shows no row at all. */
  readonly readAt: Instant;
}

/** A reading that has taken the rows of a page. */
export interface PageReading {
  readonly reading: StretchReading;
  /** The frame with its window pinned. */
  readonly frame: WalkFrame;
  readonly pin: Instant;
  /** All rows taken, newest first. */
  readonly taken: readonly MergedRow[];
  /** The page is `taken[offset, offset + size)`. */
  readonly offset: number;
  /** Whether the page ends where the other cursor of the arguments stands. */
  readonly stoppedByUntil: boolean;
}

/** Reads the rows of one page: from a cursor, from an end of the window, or where a numbered pager jumps to. */
export function readPage(task: PageTask): Promise<PageReading> {
  const { cursor, pageArguments, frame } = task;
  const jump = cursor?.jump ?? null;
  if (pageArguments.direction === 'backward') {
    return frame.window.pin === null ? readFromEnd(task, pageArguments.size) : readOnwards(task, 0, false);
  }
  if (jump === null) return readOnwards(task, 0, false);
  if (jump.from === 'end') return readFromEnd(task, jump.rows);
  if (jump.from === 'after') return readOnwards(task, jump.rows, false);
  return jump.rows < 0 ? readBackTo(task, -jump.rows) : readOnwards(task, 0, true);
}

/** Reads in the direction of the arguments, passing over `skip` rows first. */
async function readOnwards(task: PageTask, skip: number, inclusive: boolean): Promise<PageReading> {
  const { frame, cursor, until, pageArguments } = task;
  const { direction, size } = pageArguments;
  const wantsTotal = pageArguments.wantsTotal && cursor === null;
  const start: Start = { direction, inclusive, cursor, need: skip + size + 1, wantsTotal };
  const reading = new StretchReading(frame, start);
  const pin = await pinOf(task, reading);
  const stoppedByUntil = await reading.takeRows(skip + size, until?.position ?? null);
  return { ...pinned(frame, pin), reading, taken: newestFirst(reading), offset: skip, stoppedByUntil };
}

/** Reads the last `rowCount` rows of the window. The newest row is looked at first: it pins the window. */
async function readFromEnd(task: PageTask, rowCount: number): Promise<PageReading> {
  const { frame, until } = task;
  const top = new StretchReading(frame, { direction: 'forward', inclusive: false, cursor: null, need: 1 });
  const pin = await pinOf(task, top);
  if (top.isFailed)
    return { ...pinned(frame, pin), reading: top, taken: [], offset: 0, stoppedByUntil: false };
  const isCounted = frame.window.pin === null;
  if (isCounted && top.isComplete && until === null) {
    await top.takeRows(Number.POSITIVE_INFINITY, null);
    const taken = newestFirst(top);
    const offset = Math.max(0, taken.length - rowCount);
    return { ...pinned(frame, pin), reading: top, taken, offset, stoppedByUntil: false };
  }
  const counts = frame.groups.map((_, groupIndex) => (isCounted ? top.remaining(groupIndex) : null));
  const failed = top.outcomes().filter(({ failure }) => failure !== null);
  const unpinned = new Set(frame.window.pin === null ? failed.map(({ groupIndex }) => groupIndex) : []);
  const start: Start = {
    ...{ direction: 'backward', inclusive: false, cursor: null, need: rowCount + 1 },
    unpinned,
  };
  const reading = new StretchReading(pinned(frame, pin).frame, start, counts);
  const stoppedByUntil = await reading.takeRows(rowCount, until?.position ?? null);
  return { ...pinned(frame, pin), reading, taken: newestFirst(reading), offset: 0, stoppedByUntil };
}

/** Reads the page that begins `rowsBefore` rows before the row the cursor names. */
async function readBackTo(task: PageTask, rowsBefore: number): Promise<PageReading> {
  const { frame, cursor, pageArguments } = task;
  const pin = frame.window.pin as Instant;
  const start: Start = { direction: 'backward', inclusive: false, cursor, need: rowsBefore + 1 };
  const reading = new StretchReading(frame, start);
  await reading.takeRows(rowsBefore, null);
  const taken = newestFirst(reading);
  const [first] = taken;
  if (cursor === null || first === undefined || pageArguments.size <= taken.length) {
    return { ...pinned(frame, pin), reading, taken, offset: 0, stoppedByUntil: false };
  }
  // A page larger than the pager was made for runs past the cursor's row: it is read on from its own first row.
  const from: WalkCursor = {
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

/** The upper end of the window: what a cursor carries, else the newest row that the lists themselves show. */
async function pinOf(task: PageTask, reading: StretchReading): Promise<Instant> {
  if (task.frame.window.pin !== null) return task.frame.window.pin;
  const newest = await reading.peek();
  return newest?.row.createdAt ?? task.readAt;
}

function pinned(frame: WalkFrame, pin: Instant): { frame: WalkFrame; pin: Instant } {
  return { frame: { ...frame, window: { ...frame.window, pin } }, pin };
}

function newestFirst(reading: StretchReading): readonly MergedRow[] {
  return reading.start.direction === 'forward' ? reading.rows : [...reading.rows].reverse();
}
