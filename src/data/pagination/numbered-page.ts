import type { Transaction } from '../../domain/model.ts';

/** One page for readers. */
export interface ListPage {
  readonly rows: readonly Transaction[];
  /** From 1. */
  readonly pageNumber: number;
  /** Index of the first row in the range, by the page number. */
  readonly startIndex: number;
  /** Rows of the range; if not counted, the largest number that anything suggests. */
  readonly rowCount: number;
  /** `total_items` of this reply. */
  readonly rowCountSaid: number;
  /** `total_pages` of this reply; null if it has none. */
  readonly pageCountSaid: number | null;
  /**
   * Whether the page, `total_items` and `total_pages` agree; if not, only the following pages show the end.
   */
  readonly isCounted: boolean;
  readonly asOfMs: number;
}
