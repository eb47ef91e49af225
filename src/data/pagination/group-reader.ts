import type { Failure } from '../../domain/failure.ts';
import { ceilSecond, compareInstants, secondMax } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { TransactionQuery } from '../../ports/transaction-feed.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { MergedStreams } from './merged-streams.ts';
import type { ObservedOrder } from './observed-order.ts';
import { compareToPosition, type Position } from './order.ts';
import type { Passed, RangeQuery, WantedRange } from './range-query.ts';
import { RangeReader } from './range-reader.ts';
import type { RowReader } from './row-reader.ts';
import type { SeenRows } from './seen-rows.ts';
import {
  isPageNumbered,
  type PageNumberGroup,
  type PageTokenGroup,
  type SourceGroup,
} from './source-groups.ts';
import { TimeWindowReader } from './time-window-reader.ts';
import { TokenReader } from './token-reader.ts';
import type { FilterMode, PageAnchor } from './transaction-cursor.ts';
import { UpstreamList } from './upstream-list.ts';

/** Shared by the readers of one page request. */
export interface ReaderDependencies {
  readonly observed: ObservedOrder;
  readonly context: ReadContext;
  readonly nowSecond: number;
  /** What the group's lists have returned so far: shared by all readings of one page. */
  readonly seen: SeenRows;
}

/** A reader over one group, and what it knows besides rows. */
export interface OpenGroup {
  readonly reader: RowReader;
  /** The upstream lists it reads, each with the reason why an older read was served, or null. */
  readonly sources: readonly { readonly staleBecause: Failure | null; readonly leftOut: Failure | null }[];
  /** Where a later reading finds a position again; null if nothing is needed, or it is impossible. */
  anchorOf(position: Position): PageAnchor | null;
}

/** Opens a range of a group: one upstream list, or several merged. */
export function openGroup(
  group: SourceGroup,
  wantedRange: WantedRange,
  mode: FilterMode,
  dependencies: ReaderDependencies,
): OpenGroup {
  return isPageNumbered(group)
    ? openPageNumbered(group, wantedRange, mode, dependencies)
    : openByToken(group, wantedRange, dependencies);
}

function openByToken(
  { account, feed, matches }: PageTokenGroup,
  wantedRange: WantedRange,
  { context }: ReaderDependencies,
): OpenGroup {
  const reader = new TokenReader(
    { account, feed, context },
    { ...toRangeQuery(wantedRange, matches), start: wantedRange.start, from: wantedRange.anchor },
  );
  return { reader, sources: [reader], anchorOf: (position) => reader.anchorOf(position) };
}

function openPageNumbered(
  group: PageNumberGroup,
  wantedRange: WantedRange,
  mode: FilterMode,
  dependencies: ReaderDependencies,
): OpenGroup {
  const { matches, query } = group.local;
  if (matches === null || mode === 'local' || group.streams === null) {
    const source = sourceOf(group, query, dependencies);
    const reader = openSource(source, wantedRange, matches, dependencies.nowSecond);
    return { reader, sources: [source], anchorOf: noAnchor };
  }
  const sources = group.streams.map((stream) => sourceOf(group, stream, dependencies));
  const several = { ...wantedRange, expectedRowCount: null };
  const readers = sources.map((source) => openSource(source, several, null, dependencies.nowSecond));
  const reader = new MergedStreams(readers, wantedRange.order, group.severalStatuses);
  return { reader, sources, anchorOf: noAnchor };
}

/** A position in a list that is filtered by time needs nothing else to be found again. */
function noAnchor(): null {
  return null;
}

/** A source over one of a group's queries. */
export function sourceOf(
  group: PageNumberGroup,
  query: TransactionQuery,
  { observed, context, seen }: ReaderDependencies,
): UpstreamList {
  return new UpstreamList(group.account, group.feed, query, observed, context, seen);
}

function openSource(
  source: UpstreamList,
  wantedRange: WantedRange,
  matches: ((row: Transaction) => boolean) | null,
  nowSecond: number,
): RowReader {
  const all = toRangeQuery(wantedRange, matches);
  const query: RangeQuery = {
    ...all,
    classify: (row) => (source.isOwn(row) ? all.classify(row) : 'beyond'),
    countable: all.countable && source.isCountable,
  };
  const { spanSecondsMax } = source.feed;
  const { fromSecond, toSecond } = query;
  const fits =
    spanSecondsMax === null ||
    (fromSecond !== null && toSecond !== null && toSecond - fromSecond <= spanSecondsMax);
  return fits
    ? new RangeReader(source, query)
    : new TimeWindowReader(source, query, spanSecondsMax, nowSecond);
}

/** 0001-01-01T00:00:00Z: not every provider has a year 0000. */
const firstSecond = -62_135_596_800;

/** The query for a range: whole seconds for the upstream, and the exact position of each row. */
export function toRangeQuery(
  wantedRange: WantedRange,
  matches: ((row: Transaction) => boolean) | null,
): RangeQuery {
  const { order, start, snapshotBound, createdFrom, createdTo } = wantedRange;
  const isNewestFirst = order === 'newest-first';
  const uppers = [
    isNewestFirst && start !== null ? ceilSecond(start) : null,
    snapshotBound === null ? null : ceilSecond(snapshotBound),
    createdTo === null ? null : ceilSecond(createdTo),
  ].filter((second) => second !== null);
  const lowers = [
    !isNewestFirst && start !== null ? start.second : null,
    createdFrom === null ? null : createdFrom.second,
  ].filter((second) => second !== null);
  return {
    order,
    fromSecond: lowers.length === 0 ? null : Math.max(firstSecond, ...lowers),
    toSecond: uppers.length === 0 ? null : Math.min(secondMax, ...uppers),
    classify: (row) => classifyIn(wantedRange, matches, row),
    countable: matches === null && isCounted(wantedRange),
    expectedRowCount: wantedRange.expectedRowCount,
    passed: toPassed(wantedRange),
    includesStart: wantedRange.inclusive,
    need: wantedRange.need,
    edgeSecond: start !== null && wantedRange.startsAtOwnRow ? start.second : null,
    edgeIsUnseen: start === null && snapshotBound === null,
    wantsTotal: wantedRange.wantsTotal,
    endSecond: null,
  };
}

/** The oldest rows are read after the newest row has been. */
function toPassed({ order, start, createdFrom, createdTo, passedRowCount: rowCount }: WantedRange): Passed {
  return order === 'newest-first' || start === null
    ? { rowCount, side: 'newer', windowEdge: createdTo === null ? null : ceilSecond(createdTo) }
    : { rowCount, side: 'older', windowEdge: createdFrom?.second ?? null };
}

/**
 * Whether the provider counts exactly the rows up to the far end. An end within a second is filtered here,
 * and so is a row at the upper end itself, which is outside the window; rows not read yet may be such rows.
 */
function isCounted({ order, snapshotBound, createdFrom, createdTo }: WantedRange): boolean {
  if (order === 'newest-first') return (createdFrom?.nano ?? 0) === 0;
  return createdTo === null || (snapshotBound !== null && ceilSecond(snapshotBound) < createdTo.second);
}

function classifyIn(
  wantedRange: WantedRange,
  matches: ((row: Transaction) => boolean) | null,
  row: Transaction,
): 'behind' | 'wanted' | 'beyond' {
  const { start, snapshotBound, createdFrom, createdTo } = wantedRange;
  const at = row.createdAt;
  const inWindow =
    (snapshotBound === null || compareInstants(at, snapshotBound) <= 0) &&
    (createdFrom === null || compareInstants(at, createdFrom) >= 0) &&
    (createdTo === null || compareInstants(at, createdTo) < 0) &&
    (matches === null || matches(row));
  if (!inWindow) return 'beyond';
  if (start === null) return 'wanted';
  const step = compareToPosition(row, start);
  if (step === 0) return wantedRange.inclusive ? 'wanted' : 'behind';
  return step > 0 === (wantedRange.order === 'newest-first') ? 'wanted' : 'behind';
}
