import type { Transaction } from '../../domain/model.ts';

/** Rows needed to read a list to its end: more than a page, so that whole pages are requested. */
export const allRowsNeed = 1_000;

/** Takes all remaining rows. */
export async function takeAll(reader: RowReader): Promise<readonly Transaction[]> {
  const rows: Transaction[] = [];
  while ((await reader.peek()) !== null) rows.push(reader.take());
  return rows;
}

/** Rows of one source from one end of its window towards the other, each returned once. */
export interface RowReader {
  /** The next row, or null at the end; reads upstream pages only if necessary. */
  peek(): Promise<Transaction | null>;
  /** The result of `peek`, if known without waiting; otherwise undefined or absent. */
  readonly inHand?: Transaction | undefined;
  /** Takes the row that `peek` showed. */
  take(): Transaction;
  /** Rows not taken yet; null while unknown without reading on. */
  remaining(): number | null;
  /** Whether all remaining rows are in memory, so that reading on costs no call. */
  readonly isComplete: boolean;
  /** Whether rows before the position that the reader started from were seen. */
  readonly metRowsBehind: boolean;
}
