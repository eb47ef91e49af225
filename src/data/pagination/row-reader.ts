import type { Transaction } from '../../domain/model.ts';

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
