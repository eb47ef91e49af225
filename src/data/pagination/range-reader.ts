import { transactionText } from '../../domain/global-id.ts';
import type { Transaction } from '../../domain/model.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { type Expected, expectBack } from './check-bounds.ts';
import { OrderCheck } from './check-order.ts';
import { compareRowsIn, isAhead } from './order.ts';
import { type Chunk, farthestSecond, RangePages } from './range-pages.ts';
import type { RangeQuery } from './range-query.ts';
import type { RowReader } from './row-reader.ts';
import { readWholeSecond } from './second-reader.ts';
import type { UpstreamList } from './upstream-list.ts';

/** This many rows of one second take up so much of a page that reading them again is not worth it. */
const crowdedRows = 30;

/**
 * Reads a time range from one edge inwards, in whole seconds: a second is returned only once all of its rows
 * are known, so that they have one order, whatever order the upstream returns them in.
 *
 * Every further call requests a range that ends at the last second seen, which rows added or removed elsewhere cannot
 * shift. Page numbers are used only at the end of the upstream's list, whose length shows whether it was the end, and
 * within a second that has more rows than a page.
 */
export class RangeReader implements RowReader {
  metRowsBehind = false;
  /** Matching rows of the whole range, as its first reply counted them; null while unknown. */
  wantedAtFirst: number | null = null;
  /** Whether rows beyond `endSecond` were seen, which makes the end of the range certain. */
  metEnd = false;
  private readonly source: UpstreamList;
  private readonly query: RangeQuery;
  private fromSecond: number | null;
  private toSecond: number | null;
  private readonly pages: RangePages;
  private readonly orderCheck: OrderCheck;
  /** Rows ready to be returned, in reading order. */
  private ready: Transaction[] = [];
  private nextReady = 0;
  /** Rows of a second that may continue in the next chunk. */
  private pending = new Map<string, Transaction>();
  /** The last second returned whole; rows before it have been returned already. */
  private releasedSecond: number | null = null;
  /** Rows of the range further from the edge than those read; null while unknown. */
  private unread: number | null = 0;
  private started = false;
  private exhausted = false;
  private expected: Expected;

  constructor(source: UpstreamList, query: RangeQuery) {
    this.source = source;
    this.query = query;
    this.fromSecond = query.fromSecond;
    this.toSecond = query.toSecond;
    this.expected = { second: query.edgeSecond, rowCount: query.countable ? query.expectedRowCount : null };
    this.pages = new RangePages(source, query);
    this.orderCheck = new OrderCheck(source, query);
    this.endAtEmptyRange();
  }

  async peek(): Promise<Transaction | null> {
    while (this.nextReady >= this.ready.length && !this.exhausted) await this.advance();
    return this.ready[this.nextReady] ?? null;
  }

  get inHand(): Transaction | undefined {
    return this.ready[this.nextReady];
  }

  take(): Transaction {
    return this.ready[this.nextReady++] as Transaction;
  }

  /** The bounds of the next call. */
  get bounds(): SecondRange {
    return { fromSecond: this.fromSecond, toSecond: this.toSecond };
  }

  get isComplete(): boolean {
    return this.exhausted;
  }

  remaining(): number | null {
    if (!this.started) return null;
    const known = this.ready.length - this.nextReady;
    if (this.exhausted) return known;
    if (!this.query.countable || !this.source.isCountable || this.unread === null) return null;
    return known + this.wantedIn(this.pending.values()) + this.unread;
  }

  private wantedIn(rows: Iterable<Transaction>): number {
    let wanted = 0;
    for (const row of rows) if (this.query.classify(row) === 'wanted') wanted++;
    return wanted;
  }

  private async advance(): Promise<void> {
    const { bounds } = this;
    const left = this.pages.expectedRowCount;
    const chunk = await this.pages.read(bounds);
    if (chunk === null) return;
    await expectBack(this.source, this.expected, chunk, bounds);
    await this.orderCheck.check(chunk, this.wantedIn(chunk.rows), left, bounds);
    this.expected = { second: null, rowCount: null };
    this.countAtFirst(chunk);
    this.started = true;
    this.unread = chunk.unread;
    for (const row of chunk.rows) {
      if (!this.isReleased(row.createdAt.second)) this.pending.set(transactionText(row), row);
    }
    const boundary = farthestSecond(chunk, this.query.order);
    this.metEnd = this.isPastEnd(boundary);
    if (chunk.unread === 0 || this.metEnd) {
      this.unread = 0;
      this.release(() => true);
      this.exhausted = true;
      return;
    }
    if (this.isReleased(boundary)) {
      await this.passReleased(boundary);
      return;
    }
    this.release((row) => row.createdAt.second !== boundary);
    const isOneSecond = chunk.rows.every((row) => row.createdAt.second === boundary);
    if (isOneSecond || !this.narrowTo(boundary, chunk)) await this.readThrough(boundary, chunk);
  }

  /** If no row of the first reply matches, it is unknown how many of the others do. */
  private countAtFirst({ rows, unread }: Chunk): void {
    if (this.started || !this.query.countable) return;
    const wanted = this.wantedIn(rows);
    const isUnknown = unread === null || (unread > 0 && (wanted === 0 || !this.source.isCountable));
    this.wantedAtFirst = isUnknown ? null : wanted + unread;
  }

  /** Whether all following rows are beyond the last second needed. */
  private isPastEnd(boundary: number): boolean {
    const { order, endSecond } = this.query;
    return endSecond !== null && isAhead(order, endSecond, boundary);
  }

  private isReleased(second: number): boolean {
    return this.releasedSecond !== null && !isAhead(this.query.order, this.releasedSecond, second);
  }

  /** Releases the pending rows for which `isWhole` is true, in reading order. */
  private release(isWhole: (row: Transaction) => boolean): void {
    const rows: Transaction[] = [];
    const others = new Map<string, Transaction>();
    for (const [text, row] of this.pending) {
      if (isWhole(row)) rows.push(row);
      else others.set(text, row);
    }
    this.pending = others;
    rows.sort(compareRowsIn(this.query.order));
    const wanted: Transaction[] = [];
    for (const row of rows) {
      const position = this.query.classify(row);
      if (position === 'wanted') wanted.push(row);
      else if (position === 'behind') this.metRowsBehind = true;
    }
    this.ready =
      this.nextReady < this.ready.length ? this.ready.slice(this.nextReady).concat(wanted) : wanted;
    this.nextReady = 0;
    const last = rows.at(-1);
    if (last !== undefined) this.releasedSecond = last.createdAt.second;
  }

  /** Moves the inner end of the next range to `boundary`; false if that would request the same range again. */
  private narrowTo(boundary: number, chunk: Chunk): boolean {
    if (this.query.order === 'oldest-first') {
      if (this.fromSecond === boundary) return false;
      this.fromSecond = boundary;
    } else {
      const toSecond = this.mayHoldFractions(boundary, chunk) ? boundary + 1 : boundary;
      if (this.toSecond !== null && this.toSecond <= toSecond) return false;
      this.toSecond = toSecond;
    }
    const inside = chunk.rows.filter((row) =>
      this.query.order === 'oldest-first'
        ? row.createdAt.second >= boundary
        : row.createdAt.second <= (this.toSecond as number),
    );
    this.pages.expectedRowCount = chunk.unread === null ? null : chunk.unread + inside.length;
    this.expected = { second: boundary, rowCount: null };
    return true;
  }

  /**
   * An upper bound covers a second's fractions only if it is the next whole second, and rows not seen yet may
   * have fractions. If none was ever seen and the next second is crowded, its rows would only take up the
   * page.
   */
  private mayHoldFractions(second: number, chunk: Chunk): boolean {
    if (this.source.observed.showsFractions) return true;
    const above = chunk.rows.filter((row) => row.createdAt.second === second + 1).length;
    return above < crowdedRows;
  }

  /**
   * The whole page is in one second, and so may be the next: reads that second to its end, then continues
   * beyond it.
   */
  private async readThrough(second: number, chunk: Chunk): Promise<void> {
    const rows = await readWholeSecond(this.source, second);
    const range = { fromSecond: second, toSecond: second + 1 };
    await expectBack(this.source, { second, rowCount: null }, { rows, unread: 0 }, range);
    for (const row of rows) this.pending.set(transactionText(row), row);
    this.release((row) => row.createdAt.second === second);
    this.releasedSecond = second;
    const shown = new Set(chunk.rows.map((row) => transactionText(row)));
    const others = rows.filter((row) => !shown.has(transactionText(row)));
    // At the upper bound, it is unknown whether fractions of its second were counted.
    const isUncertain = this.toSecond === second && others.some((row) => row.createdAt.nano > 0);
    this.unread = isUncertain || chunk.unread === null ? null : Math.max(0, chunk.unread - others.length);
    this.goBeyond(second, this.source.observed.showsFractions);
  }

  /**
   * The page has nothing new although more rows follow: the range still ends in a second that is complete.
   */
  private async passReleased(second: number): Promise<void> {
    if (this.query.order === 'oldest-first') {
      this.goBeyond(second, false);
      return;
    }
    // More rows than a page are at the bound itself. Read the second before it whole, so that the range can
    // end there: a bound covers its own second but, if the upstream compares exactly, no fraction of it.
    const before = second - 1;
    const rows = await readWholeSecond(this.source, before);
    for (const row of rows) this.pending.set(transactionText(row), row);
    this.release((row) => row.createdAt.second === before);
    this.releasedSecond = before;
    this.unread = null;
    this.goBeyond(before, true);
  }

  private goBeyond(second: number, hasFractions: boolean): void {
    if (this.query.order === 'oldest-first') this.fromSecond = second + 1;
    else this.toSecond = hasFractions ? second : second - 1;
    this.pages.expectedRowCount = this.unread === 0 ? null : this.unread;
    this.endAtEmptyRange();
  }

  private endAtEmptyRange(): void {
    const { fromSecond, toSecond } = this;
    if (fromSecond === null || toSecond === null || fromSecond <= toSecond) return;
    this.started = true;
    this.exhausted = true;
  }
}
