import { Failure } from '../domain/failure.ts';
import type { Transaction } from '../domain/model.ts';
import type { SecondRange } from '../ports/provider.ts';
import { aimAtTail } from './aim.ts';
import { compareRows } from './order.ts';
import type { RowReader } from './row-reader.ts';
import { readWholeSecond } from './second-reader.ts';
import type { ListPage, WalkSource } from './source.ts';

/** What an edge reader reads. */
export interface EdgeQuery {
  /** The end of the range that rows are wanted from first. */
  readonly edge: 'newest' | 'oldest';
  /** Whole seconds, inclusive; null is open. */
  readonly fromSecond: number | null;
  readonly toSecond: number | null;
  /** How a row of the range stands to what is wanted: not yet, wanted, or beyond the far end. */
  readonly place: (row: Transaction) => 'behind' | 'wanted' | 'beyond';
  /** False when `place` also filters, so that unread rows cannot be counted. */
  readonly countable: boolean;
  /** Rows the range is believed to hold; lets the far end of a list be read with one call. */
  readonly expectedRowCount: number | null;
  /** Rows likely to be wanted; decides how the far end is aimed at. */
  readonly need: number;
}

const aimAttemptsMax = 8;

/** A chunk of a list that touches the wanted edge. */
interface Chunk {
  readonly rows: readonly Transaction[];
  /** Rows of the range that lie further from the edge than this chunk. */
  readonly unread: number;
}

/**
 * Reads a time range from one edge inwards, whole seconds at a time: a second is given out only when all of its
 * rows are known, so that rows of one second can be put in one order whatever order the upstream gives them.
 *
 * Every further call asks anew for a range that ends at the last second seen. Rows that come or go elsewhere
 * cannot shift it. Page numbers serve only where the wanted edge is the end of the upstream's list (its length
 * tells whether the aim was right) and inside a second that holds more rows than a page.
 */
export class EdgeReader implements RowReader {
  metRowsBehind = false;
  private readonly source: WalkSource;
  private readonly query: EdgeQuery;
  private fromSecond: number | null;
  private toSecond: number | null;
  private expectedRowCount: number | null;
  /** Rows ready to be given out, in reading direction. */
  private ready: Transaction[] = [];
  private nextReady = 0;
  /** Rows of the second that may go on in the next chunk. */
  private pending = new Map<string, Transaction>();
  /** The last second given out whole; rows on the edge side of it are not news. */
  private releasedSecond: number | null = null;
  /** Rows of the range further from the edge than those read; null while that is not known. */
  private unread: number | null = 0;
  private started = false;
  private exhausted = false;

  constructor(source: WalkSource, query: EdgeQuery) {
    this.source = source;
    this.query = query;
    this.fromSecond = query.fromSecond;
    this.toSecond = query.toSecond;
    this.expectedRowCount = query.expectedRowCount;
    this.endAtEmptyRange();
  }

  async peek(): Promise<Transaction | null> {
    while (this.nextReady >= this.ready.length && !this.exhausted) await this.advance();
    return this.ready[this.nextReady] ?? null;
  }

  take(): Transaction {
    return this.ready[this.nextReady++] as Transaction;
  }

  /** The bounds the next call will ask for. */
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
    if (!this.query.countable || this.unread === null) return null;
    let wanted = 0;
    for (const row of this.pending.values()) if (this.query.place(row) === 'wanted') wanted++;
    return known + wanted + this.unread;
  }

  private async advance(): Promise<void> {
    const chunk = await this.readChunk();
    if (chunk === null) return;
    this.started = true;
    this.unread = chunk.unread;
    for (const row of chunk.rows) {
      if (!this.isReleased(row.createdAt.second)) this.pending.set(row.providerTransactionId, row);
    }
    if (chunk.unread === 0) {
      this.release(() => true);
      this.exhausted = true;
      return;
    }
    const boundary = this.farthestSecond(chunk.rows);
    if (this.isReleased(boundary)) {
      await this.passReleased(boundary);
      return;
    }
    this.release((row) => row.createdAt.second !== boundary);
    const isOneSecond = chunk.rows.every((row) => row.createdAt.second === boundary);
    if (isOneSecond || !this.narrowTo(boundary, chunk)) await this.readThrough(boundary, chunk);
  }

  /** One upstream page at the wanted edge; null when the call only told how to ask better. */
  private async readChunk(): Promise<Chunk | null> {
    const order = this.source.habits.order ?? 'newest-first';
    return (order === 'newest-first') === (this.query.edge === 'newest') ? this.readHead() : this.readTail();
  }

  private async readHead(): Promise<Chunk | null> {
    const orderBefore = this.source.habits.order;
    const page = await this.source.page(this.bounds, 1, this.source.book.pageSizeMax);
    if (page.rows.length >= page.rowCount) return { rows: page.rows, unread: 0 };
    if (this.source.habits.order === null) await this.learnOrderFromLastPage(page);
    const assumed = orderBefore ?? 'newest-first';
    if ((this.source.habits.order ?? assumed) !== assumed) {
      this.expectedRowCount = page.rowCount;
      return null;
    }
    return { rows: page.rows, unread: page.rowCount - page.rows.length };
  }

  /** A first page within one second says nothing about the order of the list; its last page does. */
  private async learnOrderFromLastPage(first: ListPage): Promise<void> {
    const pageSize = this.source.book.pageSizeMax;
    const pageNumber = Math.ceil(first.rowCount / pageSize);
    const lastPage = await this.source.pageIfThere(this.bounds, pageNumber, pageSize);
    const top = first.rows[0]?.createdAt.second;
    const bottom = lastPage?.rows.at(-1)?.createdAt.second;
    if (top === undefined || bottom === undefined || top === bottom) return;
    this.source.habits.order = top > bottom ? 'newest-first' : 'oldest-first';
  }

  private async readTail(): Promise<Chunk | null> {
    const orderBefore = this.source.habits.order ?? 'newest-first';
    const { pageSizeMax } = this.source.book;
    for (let attempt = 0; attempt < aimAttemptsMax; attempt++) {
      const expected = this.expectedRowCount;
      const aim =
        expected === null || expected <= 0
          ? { pageNumber: 1, pageSize: pageSizeMax, firstRowIndex: 0 }
          : aimAtTail(expected, this.query.need, this.source.book);
      const page = await this.source.pageIfThere(this.bounds, aim.pageNumber, aim.pageSize, attempt > 0);
      if (page === null) {
        this.expectedRowCount = null;
        continue;
      }
      if ((this.source.habits.order ?? orderBefore) !== orderBefore) return null;
      this.expectedRowCount = page.rowCount;
      if (page.rowCount === 0) return { rows: [], unread: 0 };
      const reachesEnd = aim.firstRowIndex + page.rows.length === page.rowCount;
      if (page.rows.length > 0 && reachesEnd) return { rows: page.rows, unread: aim.firstRowIndex };
    }
    throw new Failure(
      'UPSTREAM_UNAVAILABLE',
      "The provider's list changed its length with every call, so its end could not be read. Ask again.",
      { retryable: true },
    );
  }

  private isReleased(second: number): boolean {
    if (this.releasedSecond === null) return false;
    return this.query.edge === 'newest' ? second >= this.releasedSecond : second <= this.releasedSecond;
  }

  private farthestSecond(rows: readonly Transaction[]): number {
    const seconds = rows.map((row) => row.createdAt.second);
    return this.query.edge === 'newest' ? Math.min(...seconds) : Math.max(...seconds);
  }

  /** Gives out the pending rows that `isWhole` holds for, in reading direction. */
  private release(isWhole: (row: Transaction) => boolean): void {
    const rows: Transaction[] = [];
    for (const row of this.pending.values()) if (isWhole(row)) rows.push(row);
    const forward = this.query.edge === 'newest';
    rows.sort((a, b) => (forward ? compareRows(a, b) : compareRows(b, a)));
    const wanted: Transaction[] = [];
    for (const row of rows) {
      this.pending.delete(row.providerTransactionId);
      const place = this.query.place(row);
      if (place === 'wanted') wanted.push(row);
      else if (place === 'behind') this.metRowsBehind = true;
    }
    this.ready =
      this.nextReady < this.ready.length ? this.ready.slice(this.nextReady).concat(wanted) : wanted;
    this.nextReady = 0;
    const last = rows.at(-1);
    if (last !== undefined) this.releasedSecond = last.createdAt.second;
  }

  /** Moves the inner end of the next range to `boundary`; false when that would ask for the same range again. */
  private narrowTo(boundary: number, chunk: Chunk): boolean {
    if (this.query.edge === 'oldest') {
      if (this.fromSecond === boundary) return false;
      this.fromSecond = boundary;
    } else {
      const toSecond = this.hasFractions(boundary) ? boundary + 1 : boundary;
      if (this.toSecond !== null && this.toSecond <= toSecond) return false;
      this.toSecond = toSecond;
    }
    const inside = chunk.rows.filter((row) =>
      this.query.edge === 'oldest'
        ? row.createdAt.second >= boundary
        : row.createdAt.second <= (this.toSecond as number),
    );
    this.expectedRowCount = chunk.unread + inside.length;
    return true;
  }

  /** An upper bound covers a second's fractions only as the next whole second. */
  private hasFractions(second: number): boolean {
    for (const row of this.pending.values()) {
      if (row.createdAt.second === second && row.createdAt.nano > 0) return true;
    }
    return false;
  }

  /** The whole page lies in one second and so may the next: read that second to its end, then go beyond it. */
  private async readThrough(second: number, chunk: Chunk): Promise<void> {
    const rows = await readWholeSecond(this.source, second);
    for (const row of rows) this.pending.set(row.providerTransactionId, row);
    this.release((row) => row.createdAt.second === second);
    this.releasedSecond = second;
    const inChunk = chunk.rows.filter((row) => row.createdAt.second === second).length;
    this.unread = Math.max(0, chunk.unread - (rows.length - inChunk));
    this.goBeyond(second, this.source.habits.showsFractions);
  }

  /** The page held nothing new although more is to come: the range still ends in a second that is done. */
  private async passReleased(second: number): Promise<void> {
    if (this.query.edge === 'oldest') {
      this.goBeyond(second, false);
      return;
    }
    // An upstream that compares by whole seconds shows all of `second` again; rows of the second before it, with
    // fractions or without, are read whole so that the next range may end there.
    const before = second - 1;
    const rows = await readWholeSecond(this.source, before);
    for (const row of rows) this.pending.set(row.providerTransactionId, row);
    this.release((row) => row.createdAt.second === before);
    this.releasedSecond = before;
    this.unread = null;
    this.goBeyond(before, false);
  }

  private goBeyond(second: number, hasFractions: boolean): void {
    if (this.query.edge === 'oldest') this.fromSecond = second + 1;
    else this.toSecond = hasFractions ? second : second - 1;
    this.expectedRowCount = this.unread === 0 ? null : this.unread;
    this.endAtEmptyRange();
  }

  private endAtEmptyRange(): void {
    const { fromSecond, toSecond } = this;
    if (fromSecond === null || toSecond === null || fromSecond <= toSecond) return;
    this.started = true;
    this.exhausted = true;
  }
}
