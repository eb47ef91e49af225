import { Failure, type FailureDetails } from '../../domain/failure.ts';
import { judgePage, type PageVerdict } from '../../domain/page-evidence.ts';
import type { CountedPage, UpstreamPage } from '../../ports/page.ts';
import type { Reading } from '../../ports/upstream.ts';

/** A page of a list to read. */
export interface NumberedPage {
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
  /** True when the list is read again: cached pages must not be used. */
  readonly isReadAgain: boolean;
}

/** A list with page numbers that is read to its end. */
export interface NumberedList<Row> {
  /** The page sizes that the provider accepts. */
  readonly pageSizeMin: number;
  readonly pageSizeMax: number;
  readPage(asked: NumberedPage): Promise<Reading<CountedPage<Row>>>;
  keyOf(row: Row): string;
  /** `UQPAY GET /v1/accounts`, for messages. */
  readonly name: string;
  readonly details: FailureDetails;
}

/** Most passes over a list whose length changed meanwhile, and over one whose pages repeated rows. */
const passesMaxOfMoving = 3;
const passesMaxOfRepeating = 4;

/** Most pages in a row without a new row; further ones would not help. */
const barrenPagesMax = 2;

/**
 * Pulls a list page by page to its end, and yields every row once. The list ends where its pages say so in every way
 * (`judgePage`). Where they disagree, pages are read until one shows that nothing follows. If rows are still missing
 * then, the list is read again: it changed meanwhile, or its pages were cut from different orders. Rejects with
 * UPSTREAM_SHAPE, after the rows that did come, if the list cannot be known to be complete.
 */
export function pullPages<Row>(list: NumberedList<Row>): AsyncIterable<Reading<UpstreamPage<Row>>> {
  return { [Symbol.asyncIterator]: () => new PagePull(list) };
}

/** What follows a page: the next page, a new pass over the list, the end, or a failure. */
type Step = 'next' | 'over' | 'end' | Failure;

/** An iterator, because a generator would pass each page through two more promises. Pulls one page at a time. */
class PagePull<Row> implements AsyncIterator<Reading<UpstreamPage<Row>>> {
  private readonly list: NumberedList<Row>;
  /** Keys of the rows yielded so far. */
  private readonly given = new Set<string>();
  /** Keys seen since the list last changed its length. */
  private seen = new Set<string>();
  private pass = 1;
  private givenBeforePass = 0;
  private pageSize: number;
  /** The next page, from 1; null at the end. */
  private pageNumber: number | null = 1;
  private failure: Failure | null = null;
  private last: Reading<CountedPage<Row>> | null = null;
  private lastKeys: readonly string[] = [];
  /** In this pass: whether every page agreed with itself, and the smallest and largest `rowCount`. */
  private isCounted = true;
  private countMin = Number.POSITIVE_INFINITY;
  private countMax = 0;
  private isFirstPageFull = false;
  private seenInPass = new Set<string>();
  private rowsInPass = 0;
  private pagesWithRows = 0;
  /** Pages in a row without a row that is new to this pass. */
  private barrenPages = 0;

  constructor(list: NumberedList<Row>) {
    this.list = list;
    this.pageSize = list.pageSizeMax;
  }

  async next(): Promise<IteratorResult<Reading<UpstreamPage<Row>>>> {
    if (this.failure !== null) {
      const { failure } = this;
      this.failure = null;
      throw failure;
    }
    const { pageNumber } = this;
    if (pageNumber === null) return { done: true, value: undefined };
    // Ends the iteration if this page fails.
    this.pageNumber = null;
    const reading = await this.read(pageNumber);
    const { rows, rowCount, pageCount } = reading.value;
    const { pageSize } = this;
    const verdict = judgePage({ pageNumber, pageSize, rowsOnPage: rows.length, rowCount, pageCount });
    if (verdict === 'last' && pageNumber === 1 && this.pass === 1) {
      return { value: { ...reading, value: { rows, rowCount, hasMore: false } } };
    }
    const keys = rows.map((row) => this.list.keyOf(row));
    const fresh = rows.filter((_, rowIndex) => !this.given.has(keys[rowIndex] as string));
    for (const key of keys) this.given.add(key);
    const step = this.stepAfter(pageNumber, verdict, reading.value, keys);
    this.last = reading;
    this.lastKeys = keys;
    if (step === 'next') this.pageNumber = pageNumber + 1;
    else if (step === 'over') this.startOver(rowCount);
    else if (step !== 'end') this.failure = step;
    const known = step === 'end' ? this.given.size : verdict === 'unsure' ? null : rowCount;
    return { value: { ...reading, value: { rows: fresh, rowCount: known, hasMore: step !== 'end' } } };
  }

  /** Reads a page. One that no count promises may be refused, like a page past the end; it then counts as empty. */
  private async read(pageNumber: number): Promise<Reading<CountedPage<Row>>> {
    const { pageSize, last } = this;
    try {
      return await this.list.readPage({ pageNumber, pageSize, isReadAgain: this.pass > 1 });
    } catch (error) {
      const isRefused = error instanceof Failure && error.code === 'UPSTREAM_REJECTED';
      if (!isRefused || last === null || pageNumber === 1 || this.isCounted) throw error;
      // Refused although the provider counted it: then its counts prove nothing.
      const counts = isPastPages(last.value, pageNumber) ? last.value : { ...last.value, rowCount: 0 };
      return { ...last, value: { ...counts, rows: [] } };
    }
  }

  private stepAfter(
    pageNumber: number,
    verdict: PageVerdict,
    page: CountedPage<Row>,
    keys: readonly string[],
  ): Step {
    const { rowCount, pageCount } = page;
    const hasMoved = this.countMax > 0 && this.countMax !== rowCount;
    const isRepeated =
      pageNumber > 1 &&
      keys.length > 0 &&
      keys.length === this.lastKeys.length &&
      keys.every((key, keyIndex) => key === this.lastKeys[keyIndex]);
    if (pageNumber === 1) this.isFirstPageFull = keys.length === this.pageSize;
    if (verdict === 'unsure') this.isCounted = false;
    this.countMin = Math.min(this.countMin, rowCount);
    this.countMax = Math.max(this.countMax, rowCount);
    for (const key of keys) this.seen.add(key);
    if (!isRepeated) this.addToPass(keys);
    if (this.isCounted) {
      if (isRepeated) return this.pageNumberIgnored(pageNumber, page);
      if (hasMoved && this.pass < passesMaxOfMoving) return 'over';
      if (verdict === 'capped') this.shrinkPages(keys.length);
      if (verdict === 'last') return this.endOfCounted(page);
      return this.barrenPages > barrenPagesMax ? this.endOrOver(page) : 'next';
    }
    const isCertain = this.hasAllThatCountsSay();
    if (isRepeated) {
      const isHeeded = pageNumber > 2;
      const isPastEnd = this.countMax <= this.seen.size && isPastPages(page, pageNumber);
      return isHeeded && isPastEnd ? this.endOrOver(page) : this.pageNumberIgnored(pageNumber, page);
    }
    if (this.barrenPages > (isPastPages(page, pageNumber) ? 0 : barrenPagesMax)) return this.endOrOver(page);
    const isAtLastPage = pageCount === pageNumber;
    if (keys.length === 0) {
      // The page before was short, as the row count predicts: that refutes the page count.
      const isRefuted = isCertain && this.lastKeys.length < this.pageSize;
      return isPastPages(page, pageNumber) || isRefuted ? this.endOrOver(page) : this.disagreement(page);
    }
    if (isAtLastPage && this.isFirstPageFull && keys.length < this.pageSize) return this.endOrOver(page);
    return isCertain && isAtLastPage && pageNumber > 1 ? 'end' : 'next';
  }

  /** The counts of all pages agreed, but a row may still have come twice and another one not at all. */
  private endOfCounted(page: CountedPage<Row>): Step {
    const isMoving = this.countMin < this.countMax;
    if (!isMoving) return this.endOrOver(page);
    // The length changed in every pass. A row that one pass missed came in another.
    return this.given.size >= this.countMin ? 'end' : this.disagreement(page);
  }

  /** The list ends only if at least one count confirms the rows that came, and none says that there are more. */
  private endOrOver(page: CountedPage<Row>): Step {
    if (this.countMax <= this.seen.size) {
      const isOneOrder = this.rowsInPass === this.seenInPass.size;
      const isBorneOut = this.hasAllThatCountsSay() || (isOneOrder && page.pageCount === this.pagesWithRows);
      return isBorneOut ? 'end' : this.disagreement(page);
    }
    const mayHelp = this.pass === 1 || this.given.size > this.givenBeforePass;
    return mayHelp && this.pass < passesMaxOfRepeating ? 'over' : this.disagreement(page);
  }

  private hasAllThatCountsSay(): boolean {
    return this.countMin === this.countMax && this.seen.size === this.countMax;
  }

  private startOver(rowCount: number): void {
    if (rowCount !== this.countMin || rowCount !== this.countMax) this.seen = new Set();
    this.pass += 1;
    this.givenBeforePass = this.given.size;
    this.pageNumber = 1;
    this.isCounted = true;
    this.countMin = Number.POSITIVE_INFINITY;
    this.countMax = 0;
    this.seenInPass = new Set();
    this.rowsInPass = 0;
    this.pagesWithRows = 0;
    this.barrenPages = 0;
  }

  private addToPass(keys: readonly string[]): void {
    const seenBefore = this.seenInPass.size;
    for (const key of keys) this.seenInPass.add(key);
    this.rowsInPass += keys.length;
    if (keys.length > 0) this.pagesWithRows += 1;
    this.barrenPages = this.seenInPass.size > seenBefore ? 0 : this.barrenPages + 1;
  }

  /**
   * Requests pages of the size that the provider returns, so that it does not matter which size it uses to count its
   * pages.
   */
  private shrinkPages(rowsOnPage: number): void {
    if (rowsOnPage >= this.list.pageSizeMin) this.pageSize = rowsOnPage;
  }

  private pageNumberIgnored(pageNumber: number, page: CountedPage<Row>): Failure {
    const { name, details } = this.list;
    return new Failure(
      'UPSTREAM_SHAPE',
      `${name}: page ${pageNumber} had no new row (${this.countsText(page)}). The page number seems to be ` +
        'ignored, so the list cannot be read completely. Check that the base URL is the provider’s API and not a server of ' +
        'sample replies; else ask the provider.',
      { ...details, retryable: false },
    );
  }

  private disagreement(page: CountedPage<Row>): Failure {
    const { name, details } = this.list;
    return new Failure(
      'UPSTREAM_SHAPE',
      `${name}: the list does not agree with its own counts (${this.countsText(page)}), so it may be incomplete. ` +
        'Try again; if it persists, contact the provider.',
      { ...details, retryable: true },
    );
  }

  /** How many rows were seen, and how many the provider counts. */
  private countsText({ pageCount }: CountedPage<Row>): string {
    const pages = pageCount === null ? '' : `, total_pages ${pageCount}`;
    return `${this.seen.size} different rows came, total_items says ${this.countMax}${pages}`;
  }
}

/** Whether the provider counts no page with this number. */
function isPastPages({ pageCount }: CountedPage<unknown>, pageNumber: number): boolean {
  return pageCount === null || pageCount < pageNumber;
}
