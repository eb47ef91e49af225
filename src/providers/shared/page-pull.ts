import { Failure, type FailureDetails } from '../../domain/failure.ts';
import { judgePage, type PageVerdict } from '../../domain/page-evidence.ts';
import type { CountedPage, UpstreamPage } from '../../ports/page.ts';
import type { Reading } from '../../ports/upstream.ts';

/** A page of a list to read. */
export interface NumberedPage {
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
  /** True when the list is read over: remembered answers will not do. */
  readonly isReadAgain: boolean;
}

/** A list by page number that is read to its end. */
export interface NumberedList<Row> {
  /** The sizes that the provider takes. */
  readonly pageSizeMin: number;
  readonly pageSizeMax: number;
  readPage(asked: NumberedPage): Promise<Reading<CountedPage<Row>>>;
  keyOf(row: Row): string;
  /** `UQPAY GET /v1/accounts`, for messages. */
  readonly name: string;
  readonly details: FailureDetails;
}

/** How often a list is read in all when its length changed on the way, and when its pages repeated rows. */
const passesMaxOfMoving = 3;
const passesMaxOfRepeating = 4;

/** More pages in a row than this bring no new row only where it does not help to ask for further ones. */
const barrenPagesMax = 2;

/**
 * Pulls a list page by page to its end; every row is given out once. The end is where the pages say so in every way
 * (`judgePage`); where they disagree, the list is read on until a page shows that nothing follows, and over where rows
 * are still missing then: the list moved meanwhile, or its pages were cut from different orders. Rejects with
 * UPSTREAM_SHAPE, after the rows that did come, when the list cannot be known to be whole.
 */
export function pullPages<Row>(list: NumberedList<Row>): AsyncIterable<Reading<UpstreamPage<Row>>> {
  return { [Symbol.asyncIterator]: () => new PagePull(list) };
}

/** What became of a page: the list goes on, is read over, or ends. */
type Step = 'next' | 'over' | 'end' | Failure;

/** An iterator and not a generator, which passes each page through two promises more. One page is pulled at a time. */
class PagePull<Row> implements AsyncIterator<Reading<UpstreamPage<Row>>> {
  private readonly list: NumberedList<Row>;
  /** Keys of rows that were handed on. */
  private readonly given = new Set<string>();
  /** Keys that were seen since the list last changed its length. */
  private seen = new Set<string>();
  private pass = 1;
  private givenBeforePass = 0;
  private pageSize: number;
  /** The next page, from 1; null at the end. */
  private pageNumber: number | null = 1;
  private failure: Failure | null = null;
  private last: Reading<CountedPage<Row>> | null = null;
  private lastKeys: readonly string[] = [];
  /** Of this pass: whether every page agreed with itself, and the smallest and largest `rowCount`. */
  private isCounted = true;
  private countMin = Number.POSITIVE_INFINITY;
  private countMax = 0;
  private isFirstPageFull = false;
  private seenInPass = new Set<string>();
  private rowsInPass = 0;
  private pagesWithRows = 0;
  /** Pages in a row that brought no row which this pass had not seen. */
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
    // The end, should this page fail.
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

  /** A page that nothing promises may be refused, as a page past the end is: then it is an empty one. */
  private async read(pageNumber: number): Promise<Reading<CountedPage<Row>>> {
    const { pageSize, last } = this;
    try {
      return await this.list.readPage({ pageNumber, pageSize, isReadAgain: this.pass > 1 });
    } catch (error) {
      const isRefused = error instanceof Failure && error.code === 'UPSTREAM_REJECTED';
      if (!isRefused || last === null || pageNumber === 1 || this.isCounted) throw error;
      // Refused although the provider counts it: then its counts bear nothing out.
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
      if (isRepeated) return this.pageNotHeeded(pageNumber, page);
      if (hasMoved && this.pass < passesMaxOfMoving) return 'over';
      if (verdict === 'capped') this.shrinkPages(keys.length);
      if (verdict === 'last') return this.endOfCounted(page);
      return this.barrenPages > barrenPagesMax ? this.endOrOver(page) : 'next';
    }
    const isCertain = this.hasAllThatCountsSay();
    if (isRepeated) {
      const isHeeded = pageNumber > 2;
      const isPastEnd = this.countMax <= this.seen.size && isPastPages(page, pageNumber);
      return isHeeded && isPastEnd ? this.endOrOver(page) : this.pageNotHeeded(pageNumber, page);
    }
    if (this.barrenPages > (isPastPages(page, pageNumber) ? 0 : barrenPagesMax)) return this.endOrOver(page);
    const isAtLastPage = pageCount === pageNumber;
    if (keys.length === 0) {
      // A page that was shorter than the others, as the count of rows wants it, refutes the count of pages.
      const isRefuted = isCertain && this.lastKeys.length < this.pageSize;
      return isPastPages(page, pageNumber) || isRefuted ? this.endOrOver(page) : this.disagreement(page);
    }
    if (isAtLastPage && this.isFirstPageFull && keys.length < this.pageSize) return this.endOrOver(page);
    return isCertain && isAtLastPage && pageNumber > 1 ? 'end' : 'next';
  }

  /** The pages were counted as they should be, and still a row may have come twice and another one not at all. */
  private endOfCounted(page: CountedPage<Row>): Step {
    const isMoving = this.countMin < this.countMax;
    if (!isMoving) return this.endOrOver(page);
    // Its length changed in every pass. A row that slipped through one of them was met in another.
    return this.given.size >= this.countMin ? 'end' : this.disagreement(page);
  }

  /** At least one count has to bear out what came, and none may say that there is more. */
  private endOrOver(page: CountedPage<Row>): Step {
    if (this.countMax <= this.seen.size) {
      const isOneOrder = this.rowsInPass === this.seenInPass.size;
      const isBorneOut = this.hasAllThatCountsSay() || (isOneOrder && page.pageCount === this.pagesWithRows);
      return isBorneOut ? 'end' : this.disagreement(page);
    }
    const isWorthIt = this.pass === 1 || this.given.size > this.givenBeforePass;
    return isWorthIt && this.pass < passesMaxOfRepeating ? 'over' : this.disagreement(page);
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

  /** Asks for pages of the size that comes, so that it does not matter by which size the provider counts its pages. */
  private shrinkPages(rowsOnPage: number): void {
    if (rowsOnPage >= this.list.pageSizeMin) this.pageSize = rowsOnPage;
  }

  private pageNotHeeded(pageNumber: number, page: CountedPage<Row>): Failure {
    const { name, details } = this.list;
    return new Failure(
      'UPSTREAM_SHAPE',
      `${name}: page ${pageNumber} brought no new row (${this.account(page)}). The page number does not seem to be ` +
        'heeded, so the list cannot be read whole. Check that the base URL is the provider’s API and not a server of ' +
        'sample replies; else ask the provider.',
      { ...details, retryable: false },
    );
  }

  private disagreement(page: CountedPage<Row>): Failure {
    const { name, details } = this.list;
    return new Failure(
      'UPSTREAM_SHAPE',
      `${name}: the list does not agree with its own counts (${this.account(page)}), so it may not be whole. ` +
        'Ask again; if it stays so, ask the provider.',
      { ...details, retryable: true },
    );
  }

  /** What was seen, and what the provider says there is. */
  private account({ pageCount }: CountedPage<Row>): string {
    const pages = pageCount === null ? '' : `, total_pages ${pageCount}`;
    return `${this.seen.size} different rows came, total_items says ${this.countMax}${pages}`;
  }
}

/** Whether the provider counts no page of this number. */
function isPastPages({ pageCount }: CountedPage<unknown>, pageNumber: number): boolean {
  return pageCount === null || pageCount < pageNumber;
}
