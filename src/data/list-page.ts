import { type CursorBounds, createListCursors, type ListCursors, type RowKey } from './list-cursors.ts';
import type { PageArguments, SourceOutcome } from './pagination/page.ts';
import type { CursorSigner } from './pagination/signed-cursor.ts';
import { isWhole } from './sources.ts';

/** One page of a list. */
export interface ListPage<Row> {
  readonly rows: readonly Row[];
  /** Cursor of a row of this page, by its index from 0. */
  cursorOf(rowIndex: number): string;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Where to continue from a page that a failure left empty. */
  readonly resumeCursor?: string | null;
  /** Number of rows in the list; null if a source failed, or counting would take more reads. */
  readonly totalCount: number | null;
  readonly sources: readonly SourceOutcome[];
}

/** A list read to its end, in the order in which it was read. */
export interface ReadList<Row> {
  readonly rows: readonly Row[];
  /** Key in the total order of the list. */
  keyOf(row: Row): RowKey;
  /** Called only to read or make a cursor. */
  readonly cursorBounds: () => CursorBounds;
  readonly sources: readonly SourceOutcome[];
}

/**
 * The requested page of a list. A cursor has the key of its row, so it still means the same position after
 * rows, even its own, are added or removed. Throws the cursor codes.
 */
export function toListPage<Row>(
  list: ReadList<Row>,
  args: PageArguments,
  signer: CursorSigner,
): ListPage<Row> {
  const cursors = createListCursors(list.cursorBounds, signer);
  const entries = toOrderedEntries(list);
  const { start, end } = windowOf(entries, args, cursors);
  const shown = entries.slice(start, end);
  return {
    rows: shown.map((entry) => entry.row),
    cursorOf: (rowIndex) => cursors.encode((shown[rowIndex] as Entry<Row>).key),
    hasNextPage: end < entries.length,
    hasPreviousPage: start > 0,
    totalCount: isWhole(list.sources) ? entries.length : null,
    sources: list.sources,
  };
}

/** Refuses cursors that cannot be used before anything is read for them. Throws the cursor codes. */
export function checkCursors(
  cursorBounds: () => CursorBounds,
  { cursor, until }: PageArguments,
  signer: CursorSigner,
): void {
  const cursors = createListCursors(cursorBounds, signer);
  if (cursor !== null) cursors.decode(cursor);
  if (until !== null) cursors.decode(until);
}

interface Entry<Row> {
  readonly key: RowKey;
  readonly row: Row;
}

/** Rows by ascending key; a row that moved to a later upstream page while the list was read appears once. */
function toOrderedEntries<Row>(list: ReadList<Row>): readonly Entry<Row>[] {
  const entries = list.rows.map((row) => ({ key: list.keyOf(row), row }));
  entries.sort((a, b) => compareKeys(a.key, b.key));
  return entries.filter((entry, entryIndex) => {
    const previous = entries[entryIndex - 1];
    return previous === undefined || compareKeys(previous.key, entry.key) !== 0;
  });
}

/** Where a page lies among the entries, `end` excluded. */
function windowOf(
  entries: readonly Entry<unknown>[],
  { direction, size, cursor, until }: PageArguments,
  cursors: ListCursors,
): { start: number; end: number } {
  const [after, before] = direction === 'forward' ? [cursor, until] : [until, cursor];
  const lowest = after === null ? 0 : countUpTo(entries, cursors.decode(after), 'included');
  const highest = before === null ? entries.length : countUpTo(entries, cursors.decode(before), 'excluded');
  if (direction === 'forward')
    return { start: lowest, end: Math.max(lowest, Math.min(highest, lowest + size)) };
  return { start: Math.min(highest, Math.max(lowest, highest - size)), end: highest };
}

/** Entries before `key`, with or without the one at `key`. */
function countUpTo(entries: readonly Entry<unknown>[], key: RowKey, atKey: 'included' | 'excluded'): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareKeys((entries[middle] as Entry<unknown>).key, key);
    if (order < 0 || (order === 0 && atKey === 'included')) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Negative if `a` precedes `b`: numbers by value, texts by code unit, null first. */
function compareKeys(a: RowKey, b: RowKey): number {
  for (let partIndex = 0; partIndex < a.length; partIndex++) {
    const left = a[partIndex] ?? null;
    const right = b[partIndex] ?? null;
    if (left === right) continue;
    if (left === null) return -1;
    return right !== null && left < right ? -1 : 1;
  }
  return 0;
}
