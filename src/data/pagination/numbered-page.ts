import type { Transaction } from '../../domain/model.ts';

/** One page, as readers see it. */
export interface ListPage {
  readonly rows: readonly Transaction[];
  /** From 1. */
  readonly pageNumber: number;
  /** Index of the first row in the range, by the page number. */
  readonly startIndex: number;
  /** Rows of the range; where that is not counted, as many as anything says there are. */
  readonly rowCount: number;
  /** `total_items` of this reply. */
  readonly rowCountSaid: number;
  /** `total_pages` of this reply; null when it says none. */
  readonly pageCountSaid: number | null;
  /** Whether the page, `total_items` and `total_pages` agree; else only the pages that follow show the end. */
  readonly isCounted: boolean;
  readonly asOfMs: number;
}
