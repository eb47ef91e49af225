import type { Reading } from './upstream.ts';

/** Rows of one upstream page, in the upstream's own order. */
export interface UpstreamPage<Row> {
  readonly rows: readonly Row[];
  /** Rows in the whole list, where the provider counts them. */
  readonly rowCount: number | null;
  /** Whether another page follows this one. */
  readonly hasMore: boolean;
}

/** A list read page by page, each page fetched only when it is pulled. */
export type PageStream<Row> = AsyncIterable<Reading<UpstreamPage<Row>>>;

/** A page of a list by page number with the provider's counts, which may disagree (`domain/page-evidence.ts`). */
export interface CountedPage<Row> {
  readonly rows: readonly Row[];
  /** Rows of the whole list. */
  readonly rowCount: number;
  /** Pages of the whole list, by the page size that was asked for; null when the provider does not say it. */
  readonly pageCount: number | null;
}
