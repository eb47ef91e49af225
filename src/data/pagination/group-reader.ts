import type { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';
import type { TransactionQuery } from '../../ports/transaction-feed.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { MergedStreams } from './merged-streams.ts';
import type { ObservedOrder } from './observed-order.ts';
import type { Position } from './order.ts';
import { type RangeQuery, toRangeQueryOf, type WantedRange } from './range-query.ts';
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

/** What the readers of one page request share. */
export interface ReaderDependencies {
  readonly observed: ObservedOrder;
  readonly context: ReadContext;
  readonly nowSecond: number;
  /** What the lists of the group have shown: shared by all readings of one page. */
  readonly seen: SeenRows;
}

/** A reader over one group, and what it knows beside rows. */
export interface OpenGroup {
  readonly reader: RowReader;
  /** The upstream lists it reads, with why an older read was served instead; null if none was. */
  readonly sources: readonly { readonly staleBecause: Failure | null; readonly leftOut: Failure | null }[];
  /** Where a later reading finds a position again; null if that needs nothing, or is impossible. */
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
    { ...toRangeQueryOf(wantedRange, matches), start: wantedRange.start, from: wantedRange.anchor },
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

/** A position in a list that is narrowed by time needs nothing else to be found again. */
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
  const all = toRangeQueryOf(wantedRange, matches);
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
