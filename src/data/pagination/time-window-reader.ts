import { ceilSecond } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import { expectAllBack } from './check-bounds.ts';
import type { ObservedOrder } from './observed-order.ts';
import { liesBeyondSpan, servesOpenRangesWhole } from './open-range.ts';
import { compareRowsIn } from './order.ts';
import type { RangeQuery } from './range-query.ts';
import { RangeReader } from './range-reader.ts';
import type { RowReader } from './row-reader.ts';
import {
  countingRange,
  isOneSided,
  isUnbounded,
  newestRange,
  rangeBelow,
  sliceQuery,
  type TimeWindowLimits,
} from './time-window-range.ts';
import { isRefusal, type UpstreamList } from './upstream-list.ts';
import { WholeList } from './whole-list.ts';

/** Calls spent on finding the next row beyond a gap before the slices in it are simply requested. */
const searchCallsMax = 8;

/**
 * Reads a window of a list whose provider limits the span between both time bounds: in slices, joined without a
 * seam. Where a slice is empty, the list without bounds shows where its next row is, and the slices between are not
 * requested. What such a provider does with one bound alone is documented nowhere; it may serve the whole list or
 * apply its limit by itself. One open bound is used (it saves calls), but an end that it shows counts as the end of
 * the list only once the provider has been seen to serve rows beyond the limit.
 */
export class TimeWindowReader implements RowReader {
  private readonly source: UpstreamList;
  private readonly query: RangeQuery;
  private readonly spanSeconds: number;
  private readonly nowSecond: number;
  private readonly list: WholeList;
  private inner: RangeReader | null = null;
  /** The range `inner` set out to read. */
  private slice: SecondRange = { fromSecond: null, toSecond: null };
  /** Whether `slice` gave a row. */
  private sliceHasRows = false;
  private behindMet = false;
  private lastTaken: Transaction | null = null;
  private takenCount = 0;
  /** Rows not taken yet as last counted by an answer that is known to cover the whole window. */
  private trustedRemaining: number | null = null;
  private isCounted = false;
  private ended = false;
  /** Whether open ranges count as cut for want of a way to find out. */
  private distrustsOpenRange = false;

  constructor(source: UpstreamList, query: RangeQuery, spanSeconds: number, nowSecond: number) {
    this.source = source;
    this.query = query;
    this.spanSeconds = spanSeconds;
    this.nowSecond = nowSecond;
    this.list = new WholeList(source);
  }

  get metRowsBehind(): boolean {
    return this.behindMet || (this.inner?.metRowsBehind ?? false);
  }

  async peek(): Promise<Transaction | null> {
    while (!this.ended) {
      if (this.inner === null) await this.openFirst();
      if (this.inner === null) break;
      const row = await this.peekInner(this.inner);
      if (row !== null) {
        this.sliceHasRows = true;
        await this.countIfWanted(row);
        return row;
      }
      await this.openNext(this.inner);
    }
    return null;
  }

  take(): Transaction {
    const row = (this.inner as RangeReader).take();
    this.lastTaken = row;
    this.takenCount++;
    if (this.trustedRemaining !== null) this.trustedRemaining = Math.max(0, this.trustedRemaining - 1);
    return row;
  }

  remaining(): number | null {
    if (this.ended) return 0;
    return this.source.isCountable ? this.trustedRemaining : null;
  }

  get isComplete(): boolean {
    return this.ended || ((this.inner?.isComplete ?? false) && this.trustedRemaining !== null);
  }

  private get openRange(): ObservedOrder['openRange'] {
    return this.distrustsOpenRange ? 'clipped' : this.source.observed.openRange;
  }

  private get limits(): TimeWindowLimits {
    const { spanSeconds, nowSecond, openRange } = this;
    return { spanSeconds, nowSecond, openRange };
  }

  private async peekInner(inner: RangeReader): Promise<Transaction | null> {
    try {
      const row = await inner.peek();
      this.learnFrom(inner, row);
      return row;
    } catch (error) {
      if (!isRefusal(error) || !isOneSided(inner.bounds)) throw error;
      this.source.observed.openRange = 'clipped';
      return null;
    }
  }

  private learnFrom(inner: RangeReader, row: Transaction | null): void {
    const { toSecond } = inner.bounds;
    if (row !== null && toSecond !== null && isOneSided(inner.bounds)) {
      const isWhole = liesBeyondSpan(row.createdAt.second, toSecond, this.spanSeconds);
      if (isWhole) this.source.observed.openRange = 'whole';
    }
    if (inner.metEnd || isListRead(inner)) this.trustedRemaining = inner.remaining();
    else if (isUnbounded(this.slice)) {
      // Only the first answer came without any bound; what later ones count may be cut.
      const { wantedAtFirst } = inner;
      if (wantedAtFirst !== null) this.trustedRemaining = Math.max(0, wantedAtFirst - this.takenCount);
    } else if (!this.hasFurtherSlice() && (this.openRange === 'whole' || !isOneSided(inner.bounds))) {
      this.trustedRemaining = inner.remaining();
    }
  }

  private hasFurtherSlice(): boolean {
    return this.query.order === 'newest-first'
      ? this.slice.fromSecond !== null && this.slice.fromSecond !== this.query.fromSecond
      : this.slice.toSecond !== this.query.toSecond;
  }

  /** What was asked without bounds does not say how many of its rows lie within the window. */
  private async countIfWanted(newest: Transaction): Promise<void> {
    if (this.isCounted) return;
    this.isCounted = true;
    if (!isUnbounded(this.slice) || this.trustedRemaining !== null) return;
    const range = countingRange(this.query, ceilSecond(newest.createdAt), this.spanSeconds);
    if (range === null) return;
    const page = await this.source.pageUnlessRefused(range, 1, this.source.feed.pageSizeMin);
    this.trustedRemaining = page?.isCounted === true ? page.rowCount : null;
  }

  private async openFirst(): Promise<void> {
    const { order, fromSecond } = this.query;
    if (order === 'newest-first') {
      this.open(newestRange(this.query, this.limits));
      return;
    }
    const bottom = fromSecond ?? (await this.list.oldestSecond());
    if (bottom === null) this.ended = true;
    else this.openUpFrom(bottom, fromSecond === null);
  }

  private async openNext(inner: RangeReader): Promise<void> {
    this.behindMet ||= inner.metRowsBehind;
    const { fromSecond, toSecond } = this.slice;
    if (this.query.order === 'oldest-first') {
      if (toSecond !== null && toSecond !== this.query.toSecond) return await this.openAbove(toSecond);
      this.ended = true;
      return await expectAllBack(this.source, this.takenCount, this.query.expectedRowCount);
    }
    if (inner.metEnd || isListRead(inner) || (fromSecond !== null && fromSecond === this.query.fromSecond)) {
      this.ended = true;
    } else if (fromSecond === null) await this.openBelowOpenEnd(inner);
    else await this.openBelow(fromSecond);
  }

  /** An open-ended read came to an end: the end of the list, or only of what the provider shows at once? */
  private async openBelowOpenEnd(inner: RangeReader): Promise<void> {
    const { toSecond } = inner.bounds;
    const { source, list, nowSecond, spanSeconds } = this;
    this.ended = toSecond === null || this.openRange === 'whole';
    if (toSecond === null || this.ended) return;
    const latest = Math.max(nowSecond, toSecond);
    this.ended =
      this.openRange === 'unknown' && (await servesOpenRangesWhole(source, list, latest, spanSeconds));
    if (this.ended) return;
    this.distrustsOpenRange = true;
    await this.openBelow(toSecond);
  }

  /** Nothing lies below the oldest row of all, however early the window begins. */
  private async openBelow(second: number): Promise<void> {
    const { fromSecond } = this.query;
    const oldest = await this.list.oldestSecond();
    const next = oldest === null || second < oldest ? null : await this.nextFrom(second, second - oldest);
    if (next === null || (fromSecond !== null && next < fromSecond)) this.ended = true;
    // An upper bound covers the fractions of a second only as the next one.
    else
      this.open(rangeBelow(Math.min(second, next + 1), fromSecond, this.limits), next < second ? next : null);
  }

  private async openAbove(second: number): Promise<void> {
    const { toSecond } = this.query;
    const next = await this.nextFrom(second, (toSecond ?? Number.POSITIVE_INFINITY) - second);
    if (next === null || (toSecond !== null && next > toSecond)) this.ended = true;
    else this.openUpFrom(next, next > second);
  }

  /** Where to read on: right away, or where the list shows its next row after a slice that had none. */
  private async nextFrom(second: number, secondsLeft: number): Promise<number | null> {
    if (this.sliceHasRows) return second;
    const slicesLeft = Math.ceil(secondsLeft / this.spanSeconds);
    if (slicesLeft <= 1) return second;
    return this.list.nextSecond(this.query.order, second, Math.min(slicesLeft, searchCallsMax));
  }

  private openUpFrom(fromSecond: number, hasRowThere: boolean): void {
    const highest = fromSecond + this.spanSeconds;
    const { toSecond } = this.query;
    const slice = { fromSecond, toSecond: toSecond === null ? highest : Math.min(highest, toSecond) };
    this.open(slice, hasRowThere ? fromSecond : null);
  }

  /**
   * Neighbouring slices share a second; rows that were taken already are left out. The list has shown a row at
   * `seenSecond`, at the slice's edge.
   */
  private open(slice: SecondRange, seenSecond: number | null = null): void {
    const { query, lastTaken } = this;
    const compare = compareRowsIn(query.order);
    const isTaken = (row: Transaction) => lastTaken !== null && compare(row, lastTaken) <= 0;
    // From the oldest row on, a slice that reaches the upper end holds the whole window.
    const isAll = query.order === 'oldest-first' && this.inner === null && slice.toSecond === query.toSecond;
    this.slice = slice;
    this.sliceHasRows = false;
    this.inner = new RangeReader(this.source, {
      ...sliceQuery(query, slice),
      ...(isAll && { expectedRowCount: query.expectedRowCount }),
      edgeSecond: seenSecond ?? (this.inner === null ? query.edgeSecond : null),
      classify: (row) => (isTaken(row) ? 'beyond' : query.classify(row)),
    });
  }
}

/** Whether everything that the list holds came with answers to no bound at all. */
function isListRead(inner: RangeReader): boolean {
  return inner.isComplete && isUnbounded(inner.bounds);
}
