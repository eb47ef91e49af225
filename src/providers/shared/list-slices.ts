import { Failure } from '../../domain/failure.ts';
import { countElsewhere, judgePage } from '../../domain/page-evidence.ts';
import { sharedRows } from '../../ports/account-feed.ts';
import type { CountedPage } from '../../ports/page.ts';
import type { Reading } from '../../ports/upstream.ts';
import { type NumberedList, pullPages } from './page-pull.ts';
import {
  chooseSlicePage,
  covers,
  type IndexRange,
  pageStartingAt,
  type SlicePage,
  startOf,
} from './slice-pages.ts';

/** Consecutive rows of a list, as they were at one moment. */
export interface ListSlice<Row> {
  readonly startIndex: number;
  readonly rows: readonly Row[];
  readonly rowCount: number;
  /** Why nothing is known about the list beyond this slice; null if the slice can be relied on. */
  readonly failure: Failure | null;
}

/** How a provider turned out to cut its pages; kept for all requests. */
export class ObservedPages {
  pageSizeMax: number;
  private readonly now: () => number;
  private outOfPlaceUntilMs = 0;

  /** `now` gives epoch milliseconds. */
  constructor(pageSizeMax: number, now: () => number) {
    this.pageSizeMax = pageSizeMax;
    this.now = now;
  }

  /** False for a while after pages did not begin where their number and size say: only the whole list can be relied on. */
  get areInPlace(): boolean {
    return this.now() >= this.outOfPlaceUntilMs;
  }

  noteOutOfPlace(): void {
    this.outOfPlaceUntilMs = this.now() + outOfPlaceMs;
  }
}

/** The list may only have moved while its pages were compared, and a long one costs many calls when it is read whole. */
const outOfPlaceMs = 10 * 60_000;

/** Times that two pages which contradict each other are read again. */
const comparisonsMax = 3;

/** Most pages of a range that are read at the same time. */
const pagesAheadMax = 8;

/**
 * Reads any part of a list with page numbers in as few pages as possible. A page that agrees with its own counts
 * (`judgePage`) is used as it is. If it disagrees, or does not begin where its page number says, the whole list is read,
 * as `pullPages` does.
 */
export class ListSlices<Row> {
  private readonly list: NumberedList<Row>;
  private readonly observed: ObservedPages;
  private readonly pages = new Map<
    string,
    { page: SlicePage; reading: Promise<Reading<CountedPage<Row>>> }
  >();
  private whole: Promise<Reading<ListSlice<Row>>> | null = null;

  constructor(list: NumberedList<Row>, observed: ObservedPages) {
    this.list = list;
    this.observed = observed;
  }

  /** The slice that shows `range` best. Rejects with a `Failure`. */
  async read(
    range: IndexRange & { readonly sliceStart: number | null },
    isReadAgain: boolean,
  ): Promise<Reading<ListSlice<Row>>> {
    if (this.whole !== null || !this.observed.areInPlace) return this.wholeList();
    const page = this.choose(range);
    const asked = this.readPage(page, isReadAgain);
    if (!isReadAgain) this.readAhead(range, page);
    const reading = await asked;
    if (reading === null)
      return this.read({ ...range, fromIndex: 0, toIndex: 1, sliceStart: 0 }, isReadAgain);
    const { rows, rowCount, pageCount } = reading.value;
    const startIndex = startOf(page);
    const verdict = judgePage({ ...page, rowsOnPage: rows.length, rowCount, pageCount });
    if (
      verdict === 'capped' &&
      rows.length >= this.list.pageSizeMin &&
      rows.length < this.observed.pageSizeMax
    ) {
      this.observed.pageSizeMax = rows.length;
      this.pages.clear();
      return this.read(range, isReadAgain);
    }
    // Some providers answer a page number beyond the end with their last page.
    if (startIndex >= rowCount && pageCount !== null && pageCount < page.pageNumber && startIndex > 0) {
      return { ...reading, value: { startIndex, rows: [], rowCount, failure: null } };
    }
    if (verdict !== 'more' && verdict !== 'last') return this.wholeList();
    const place = await this.comparePlaces(page, reading.value);
    if (place === 'out-of-place') this.observed.noteOutOfPlace();
    if (place !== 'in-place') return this.wholeList();
    return { ...reading, value: { startIndex, rows, rowCount, failure: null } };
  }

  private choose(range: IndexRange & { readonly sliceStart: number | null }): SlicePage {
    const { pageSizeMin } = this.list;
    const { pageSizeMax } = this.observed;
    const known = this.furthestKnown(range);
    if (known !== null) return known;
    const before =
      range.sliceStart === null ? null : pageStartingAt(range.sliceStart, pageSizeMin, pageSizeMax);
    if (before !== null && covers(before, range)) return before;
    return chooseSlicePage(range, pageSizeMin, pageSizeMax);
  }

  /** The page already read in this request that covers the range, or reaches furthest past its beginning. */
  private furthestKnown({ fromIndex, toIndex, firstNeeded }: IndexRange): SlicePage | null {
    if (firstNeeded === 'to') return null;
    let best: SlicePage | null = null;
    let bestEnd = Math.min(toIndex, fromIndex + sharedRows + 1) - 1;
    for (const { page } of this.pages.values()) {
      const end = startOf(page) + page.pageSize;
      if (startOf(page) <= fromIndex && end > bestEnd) [best, bestEnd] = [page, end];
    }
    return best;
  }

  /** Starts reading the next pages of a longer range, so that they do not wait for each other. */
  private readAhead(range: IndexRange, first: SlicePage): void {
    if (range.firstNeeded === 'to') return;
    let page = first;
    for (let pageIndex = 1; pageIndex < pagesAheadMax; pageIndex++) {
      const end = startOf(page) + page.pageSize;
      if (end >= range.toIndex) return;
      page = this.choose({ ...range, fromIndex: end - sharedRows, sliceStart: null });
      if (startOf(page) + page.pageSize <= end) return;
      this.readPage(page, false).catch(ignoreRejection);
    }
  }

  /** Reads a page; null if the provider refuses a page beyond the end. */
  private async readPage(page: SlicePage, isReadAgain: boolean): Promise<Reading<CountedPage<Row>> | null> {
    const key = `${page.pageNumber} of ${page.pageSize}`;
    const known = isReadAgain ? undefined : this.pages.get(key)?.reading;
    const reading = known ?? this.list.readPage({ ...page, isReadAgain });
    this.pages.set(key, { page, reading });
    try {
      return await reading;
    } catch (error) {
      this.pages.delete(key);
      const isRefused = error instanceof Failure && error.code === 'UPSTREAM_REJECTED';
      if (isRefused && page.pageNumber > 1) return null;
      throw error;
    }
  }

  /**
   * Whether other pages of this request show rows of a page at other indexes, and do so when both are read again. Only pages
   * that come again just as they were are `out-of-place`: others are of a list that is `moving`.
   */
  private async comparePlaces(
    page: SlicePage,
    value: CountedPage<Row>,
  ): Promise<'in-place' | 'out-of-place' | 'moving'> {
    for (const other of [...this.pages.values()]) {
      let first: CountedPage<Row> | null = value;
      let second = await other.reading.then(replyOf, () => null);
      for (let comparison = 0; this.contradict(page, first, other.page, second); comparison++) {
        if (comparison === comparisonsMax) return 'moving';
        const pages = [page, other.page].map((each) => this.readPage(each, true));
        const [firstAgain = null, secondAgain = null] = (await Promise.all(pages)).map(replyOf);
        if (this.areSame(first, firstAgain) && this.areSame(second, secondAgain)) return 'out-of-place';
        [first, second] = [firstAgain, secondAgain];
      }
    }
    return 'in-place';
  }

  private areSame(value: CountedPage<Row> | null, again: CountedPage<Row> | null): boolean {
    const { keyOf } = this.list;
    if (value === null || again === null || value.rows.length !== again.rows.length) return false;
    return value.rows.every((row, rowIndex) => keyOf(row) === keyOf(again.rows[rowIndex] as Row));
  }

  private contradict(
    page: SlicePage,
    value: CountedPage<Row> | null,
    otherPage: SlicePage,
    otherValue: CountedPage<Row> | null,
  ): boolean {
    if (value === null || otherValue === null || value.rowCount !== otherValue.rowCount) return false;
    const placed = { startIndex: startOf(page), rows: value.rows };
    const otherPlaced = { startIndex: startOf(otherPage), rows: otherValue.rows };
    return countElsewhere(placed, otherPlaced, this.list.keyOf) > 0;
  }

  private wholeList(): Promise<Reading<ListSlice<Row>>> {
    this.whole ??= this.readWhole();
    return this.whole;
  }

  private async readWhole(): Promise<Reading<ListSlice<Row>>> {
    const given: Row[] = [];
    let pass = new Map<string, Row>();
    let rowCount = 0;
    let failure: Failure | null = null;
    const readings: Omit<Reading<unknown>, 'value'>[] = [];
    const readPage: NumberedList<Row>['readPage'] = async (asked) => {
      const { pageNumber, pageSize, isReadAgain } = asked;
      const known = this.pages.get(`${pageNumber} of ${pageSize}`);
      const reading = await ((isReadAgain ? undefined : known?.reading) ?? this.list.readPage(asked));
      if (pageNumber === 1) pass = new Map();
      for (const row of reading.value.rows) pass.set(this.list.keyOf(row), row);
      ({ rowCount } = reading.value);
      return reading;
    };
    try {
      for await (const { value, asOfMs, staleBecause } of pullPages({ ...this.list, readPage })) {
        given.push(...value.rows);
        readings.push({ asOfMs, staleBecause });
      }
    } catch (error) {
      if (!(error instanceof Failure) || readings.length === 0) throw error;
      failure = error;
    }
    // Rows that an earlier pass missed come behind the others: only a pass that shows all has the provider's order.
    const rows = failure === null && pass.size === rowCount ? [...pass.values()] : given;
    const asOfMs = Math.min(...readings.map((reading) => reading.asOfMs));
    const staleBecause = readings.find((reading) => reading.staleBecause !== null)?.staleBecause ?? null;
    return { asOfMs, staleBecause, value: { startIndex: 0, rows, rowCount: rows.length, failure } };
  }
}

function replyOf<Value>(reading: Reading<Value> | null): Value | null {
  return reading === null ? null : reading.value;
}

/** Ignores a rejection, because the same promise is awaited by the reader of the page. */
function ignoreRejection(): void {}
