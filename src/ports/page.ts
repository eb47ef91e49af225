import type { Reading } from './upstream.ts';

/** Rows of one upstream page, in the upstream's own order. */
export interface UpstreamPage<Row> {
  readonly rows: readonly Row[];
  /** Rows in the whole list; null if the provider does not count them. */
  readonly rowCount: number | null;
  /** Whether another page follows this one. */
  readonly hasMore: boolean;
}

/** A list that is read page by page; each page is fetched only when it is requested. */
export type PageStream<Row> = AsyncIterable<Reading<UpstreamPage<Row>>>;

/** A page of a list with page numbers, and the provider's counts, which may disagree (`domain/page-evidence.ts`). */
export interface CountedPage<Row> {
  readonly rows: readonly Row[];
  /** Rows in the whole list. */
  readonly rowCount: number;
  /** Pages in the whole list at the requested page size; null when the provider does not say. */
  readonly pageCount: number | null;
}
