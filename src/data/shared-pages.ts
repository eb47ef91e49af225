import { Failure } from '../domain/failure.ts';
import type { PageStream, UpstreamPage } from '../ports/page.ts';
import type { Reading } from '../ports/upstream.ts';

/** A page of a list and the time it was read. */
export type PageReading<Row> = Reading<UpstreamPage<Row>>;

/** A list read page by page; all readers of a page share one read of it. */
export interface SharedPages<Row> {
  /** The page at `pageIndex`, from 0; null beyond the last one. A page that failed stays failed. */
  page(pageIndex: number): Promise<PageReading<Row> | null>;
  /** Whether any page has been requested. */
  isStarted(): boolean;
}

/** Shares the pages of a stream, which `open` opens when the first page is requested. */
export function sharePages<Row>(open: () => PageStream<Row>): SharedPages<Row> {
  const pages: Promise<PageReading<Row> | null>[] = [];
  let stream: AsyncIterator<PageReading<Row>> | null = null;

  async function pull(): Promise<PageReading<Row> | null> {
    stream ??= open()[Symbol.asyncIterator]();
    const next = await stream.next();
    return next.done === true ? null : next.value;
  }

  async function pullAfter(previous: Promise<PageReading<Row> | null>): Promise<PageReading<Row> | null> {
    const reading = await previous;
    return reading === null || !reading.value.hasMore ? null : pull();
  }

  function page(pageIndex: number): Promise<PageReading<Row> | null> {
    const known = pages[pageIndex];
    if (known !== undefined) return known;
    const pulled = pageIndex === 0 ? pull() : pullAfter(page(pageIndex - 1));
    pages[pageIndex] = pulled;
    return pulled;
  }

  return {
    page,
    isStarted: () => pages.length > 0,
  };
}

/** A list read to its end: all pages, or those before the one that failed. */
export interface WholeList<Row> {
  readonly pages: readonly PageReading<Row>[];
  /** Why it is incomplete; null if it is complete. */
  readonly failure: Failure | null;
}

/**
 * Reads a list to its end. Keeps what was read before a failure; rejects with any error that is not a
 * `Failure`.
 */
export async function readWhole<Row>(shared: SharedPages<Row>): Promise<WholeList<Row>> {
  const pages: PageReading<Row>[] = [];
  try {
    for (;;) {
      const page = await shared.page(pages.length);
      if (page === null) return { pages, failure: null };
      pages.push(page);
      if (!page.value.hasMore) return { pages, failure: null };
    }
  } catch (error) {
    if (error instanceof Failure) return { pages, failure: error };
    throw error;
  }
}
