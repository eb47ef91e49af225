import type { Transaction } from '../../domain/model.ts';

/** Rows wanted where a list is read to its end: more than a page, so that whole pages are requested. */
export const allRowsNeed = 1_000;

/** Takes every row that is left. */
export async function takeAll(reader: RowReader): Promise<readonly Transaction[]> {
  const rows: Transaction[] = [];
  while ((await reader.peek()) !== null) rows.push(reader.take());
  return rows;
}

/** Rows of one source from one end of its window towards the other, each returned once. */
export interface RowReader {
  /** The next row, or null at the end; reads upstream pages only when it has to. */
  peek(): Promise<Transaction | null>;
  /** What `peek` would give, where that is known without waiting; undefined or absent where it is not. */
  readonly inHand?: Transaction | undefined;
  /** Takes the row that `peek` showed. */
  take(): Transaction;
  /** Rows not taken yet; null while that cannot be known without reading on. */
  remaining(): number | null;
  /** Whether every row that is left is in memory, so that reading on costs no call. */
  readonly isComplete: boolean;
  /** Whether rows were met that lie behind the position the reader started from. */
  readonly metRowsBehind: boolean;
}
