import type { Transaction } from '../domain/model.ts';
import type { SecondRange } from '../ports/transaction-book.ts';
import { type EdgeQuery, EdgeReader } from './edge-reader.ts';
import { oldestSecond } from './oldest-second.ts';
import { compareRows } from './order.ts';
import type { RowReader } from './row-reader.ts';
import { isRefusal, type WalkSource } from './source.ts';

const daySeconds = 86_400;

/**
 * Reads a window of a list whose provider limits the span between both time bounds: in slices, joined without a
 * seam, empty slices skipped. What such a provider does with one bound alone is documented nowhere; it may serve
 * the whole list or apply its limit by itself. One open bound is used (it saves calls), but an end that it shows
 * counts as the end of the list only once the provider has been seen to serve rows beyond the limit.
 */
export class SliceReader implements RowReader {
  private readonly source: WalkSource;
  private readonly query: EdgeQuery;
  private readonly spanSeconds: number;
  private readonly nowSecond: number;
  private inner: EdgeReader | null = null;
  /** The range `inner` set out to read. */
  private slice: SecondRange = { fromSecond: null, toSecond: null };
  private behindMet = false;
  private lastTaken: Transaction | null = null;
  private takenCount = 0;
  /** Rows not taken yet as last counted by an answer that is known to cover the whole window. */
  private trustedRemaining: number | null = null;
  private ended = false;
  private floorSecond: number | null | undefined;

  constructor(source: WalkSource, query: EdgeQuery, spanSeconds: number, nowSecond: number) {
    this.source = source;
    this.query = query;
    this.spanSeconds = spanSeconds;
    this.nowSecond = nowSecond;
  }

  get metRowsBehind(): boolean {
    return this.behindMet || (this.inner?.metRowsBehind ?? false);
  }

  async peek(): Promise<Transaction | null> {
    while (!this.ended) {
      if (this.inner === null) await this.openFirst();
      if (this.inner === null) break;
      const row = await this.peekInner(this.inner);
      if (row !== null) return row;
      await this.openNext(this.inner);
    }
    return null;
  }

  take(): Transaction {
    const row = (this.inner as EdgeReader).take();
    this.lastTaken = row;
    this.takenCount++;
    if (this.trustedRemaining !== null) this.trustedRemaining = Math.max(0, this.trustedRemaining - 1);
    return row;
  }

  remaining(): number | null {
    return this.ended ? 0 : this.trustedRemaining;
  }

  get isComplete(): boolean {
    return this.ended || ((this.inner?.isComplete ?? false) && this.trustedRemaining !== null);
  }

  private async peekInner(inner: EdgeReader): Promise<Transaction | null> {
    try {
      const row = await inner.peek();
      this.learnFrom(inner, row);
      return row;
    } catch (error) {
      if (!isRefusal(error) || !isOneSided(inner.bounds)) throw error;
      this.source.habits.openRange = 'clipped';
      return null;
    }
  }

  private learnFrom(inner: EdgeReader, row: Transaction | null): void {
    const { toSecond } = inner.bounds;
    if (row !== null && toSecond !== null && isOneSided(inner.bounds)) {
      const beyondLimit = row.createdAt.second < toSecond - this.spanSeconds - daySeconds;
      if (beyondLimit) this.source.habits.openRange = 'whole';
    }
    if (this.slice.fromSecond === null && this.slice.toSecond === null) {
      // Only the first answer came without any bound; what later ones count may be cut.
      const { wantedAtFirst } = inner;
      this.trustedRemaining = wantedAtFirst === null ? null : Math.max(0, wantedAtFirst - this.takenCount);
    } else if (this.countsWholeWindow(inner)) {
      this.trustedRemaining = inner.remaining();
    }
  }

  /** Whether what `inner` counts is all that is left of the window. */
  private countsWholeWindow(inner: EdgeReader): boolean {
    if (this.hasFurtherSlice()) return false;
    return !isOneSided(inner.bounds) || this.source.habits.openRange === 'whole';
  }

  private hasFurtherSlice(): boolean {
    return this.query.edge === 'newest'
      ? this.slice.fromSecond !== null && this.slice.fromSecond !== this.query.fromSecond
      : this.slice.toSecond !== this.query.toSecond;
  }

  private async openFirst(): Promise<void> {
    const { edge, fromSecond, toSecond } = this.query;
    if (edge === 'newest') {
      const openBottom = fromSecond === null && this.source.habits.openRange !== 'clipped';
      if (openBottom || (fromSecond === null && toSecond === null)) {
        this.open({ fromSecond: null, toSecond });
        return;
      }
      this.openDownFrom(toSecond ?? this.nowSecond + daySeconds);
      return;
    }
    const bottom = fromSecond ?? (await this.floor());
    if (bottom === null) this.ended = true;
    else this.openUpFrom(bottom);
  }

  private async openNext(inner: EdgeReader): Promise<void> {
    this.behindMet ||= inner.metRowsBehind;
    if (this.query.edge === 'oldest') {
      await this.openAbove(this.slice.toSecond);
      return;
    }
    if (this.slice.fromSecond === null) {
      await this.openBelowOpenEnd(inner);
      return;
    }
    if (this.slice.fromSecond === this.query.fromSecond) this.ended = true;
    else await this.openBelow(this.slice.fromSecond);
  }

  /** An open-ended read came to an end: the end of the list, or only of what the provider shows at once? */
  private async openBelowOpenEnd(inner: EdgeReader): Promise<void> {
    const { toSecond } = inner.bounds;
    if (toSecond === null || this.source.habits.openRange === 'whole') {
      this.ended = true;
      return;
    }
    if (this.source.habits.openRange === 'unknown' && (await this.servesOpenRangesWhole(toSecond))) {
      this.ended = true;
      return;
    }
    await this.openBelow(this.source.habits.openRange === 'clipped' ? toSecond : toSecond - this.spanSeconds);
  }

  /**
   * Asks up to a moment so late that nothing can lie within the limit before it: rows in the answer mean that a
   * single bound is not cut.
   */
  private async servesOpenRangesWhole(toSecond: number): Promise<boolean> {
    const late = Math.max(this.nowSecond, toSecond) + this.spanSeconds + daySeconds;
    const { pageSizeMin } = this.source.book;
    let rowCount = 0;
    try {
      rowCount = (await this.source.page({ fromSecond: null, toSecond: late }, 1, pageSizeMin)).rowCount;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    if (rowCount > 0) this.source.habits.openRange = 'whole';
    else if ((await this.floor()) !== null) this.source.habits.openRange = 'clipped';
    return rowCount > 0;
  }

  /** Nothing lies below the oldest row of all, however early the window begins. */
  private async openBelow(second: number): Promise<void> {
    const floor = await this.floor();
    if (floor === null || second < Math.max(floor, this.query.fromSecond ?? floor)) this.ended = true;
    else this.openDownFrom(second);
  }

  /** A window that begins long before the oldest row is entered there. */
  private async openAbove(second: number | null): Promise<void> {
    const { toSecond } = this.query;
    if (second === null || second === toSecond) {
      this.ended = true;
      return;
    }
    const floor = this.lastTaken === null ? await this.floor() : second;
    if (floor === null || (toSecond !== null && floor > toSecond)) this.ended = true;
    else this.openUpFrom(Math.max(second, floor));
  }

  private openDownFrom(toSecond: number): void {
    const lowest = toSecond - this.spanSeconds;
    const { fromSecond } = this.query;
    this.open({ fromSecond: fromSecond === null ? lowest : Math.max(lowest, fromSecond), toSecond });
  }

  private openUpFrom(fromSecond: number): void {
    const highest = fromSecond + this.spanSeconds;
    const { toSecond } = this.query;
    this.open({ fromSecond, toSecond: toSecond === null ? highest : Math.min(highest, toSecond) });
  }

  /** Neighbouring slices share a second; rows that were taken already are left out. */
  private open(slice: SecondRange): void {
    const { query, lastTaken } = this;
    const forward = query.edge === 'newest';
    const isTaken = (row: Transaction) =>
      lastTaken !== null && (forward ? compareRows(row, lastTaken) <= 0 : compareRows(row, lastTaken) >= 0);
    const whole = slice.fromSecond === query.fromSecond && slice.toSecond === query.toSecond;
    this.slice = slice;
    this.inner = new EdgeReader(this.source, {
      ...query,
      ...slice,
      expectedRowCount: whole ? query.expectedRowCount : null,
      place: (row) => (isTaken(row) ? 'beyond' : query.place(row)),
    });
  }

  private async floor(): Promise<number | null> {
    if (this.floorSecond === undefined) this.floorSecond = await oldestSecond(this.source);
    return this.floorSecond;
  }
}

function isOneSided(range: SecondRange): boolean {
  return (range.fromSecond === null) !== (range.toSecond === null);
}
