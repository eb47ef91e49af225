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

/** Calls to spend on finding the next row beyond a gap before simply requesting the slices in it. */
const searchCallsMax = 8;

/**
 * Reads a window of a list whose provider limits the span between two time bounds, in slices without gaps. If
 * a slice is empty, the list without bounds shows where the next row is, and the slices in between are not
 * requested. No document says what such a provider does with only one bound; it may return the whole list or
 * apply its limit. One open bound is used (it saves calls), but an end reached that way counts as the end of
 * the list only once the provider was seen to return rows beyond the limit.
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
  /** Whether `slice` had a row. */
  private sliceHasRows = false;
  private behindMet = false;
  private lastTaken: Transaction | null = null;
  private takenCount = 0;
  /** Rows not taken yet, by the last count known to cover the whole window. */
  private trustedRemaining: number | null = null;
  private isCounted = false;
  private ended = false;
  /** Whether open ranges count as cut, because there is no way to find out. */
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
      // Only the first reply was without any bound; later counts may be cut.
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

  /** A reply without bounds does not show how many of its rows are within the window. */
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

  /** An open-ended read has ended: at the end of the list, or only of what the provider returns at once? */
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

  /** There is nothing before the oldest row of the list, however early the window begins. */
  private async openBelow(second: number): Promise<void> {
    const { fromSecond } = this.query;
    const oldest = await this.list.oldestSecond();
    const next = oldest === null || second < oldest ? null : await this.nextFrom(second, second - oldest);
    if (next === null || (fromSecond !== null && next < fromSecond)) this.ended = true;
    // An upper bound covers the fractions of a second only if it is the next second.
    else
      this.open(rangeBelow(Math.min(second, next + 1), fromSecond, this.limits), next < second ? next : null);
  }

  private async openAbove(second: number): Promise<void> {
    const { toSecond } = this.query;
    const next = await this.nextFrom(second, (toSecond ?? Number.POSITIVE_INFINITY) - second);
    if (next === null || (toSecond !== null && next > toSecond)) this.ended = true;
    else this.openUpFrom(next, next > second);
  }

  /** Where to continue: right here, or at the list's next row after a slice without rows. */
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
   * Neighbouring slices share a second; rows already taken are left out. A row of the list was seen at
   * `seenSecond`, at the slice's edge.
   */
  private open(slice: SecondRange, seenSecond: number | null = null): void {
    const { query, lastTaken } = this;
    const compare = compareRowsIn(query.order);
    const isTaken = (row: Transaction) => lastTaken !== null && compare(row, lastTaken) <= 0;
    // Read from the oldest row, a slice that reaches the upper end covers the whole window.
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

/** Whether replies without any bound had the whole list. */
function isListRead(inner: RangeReader): boolean {
  return inner.isComplete && isUnbounded(inner.bounds);
}
