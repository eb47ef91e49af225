import type { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';
import type { TransactionQuery } from '../../ports/transaction-feed.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { MergedStreams } from './merged-streams.ts';
import type { Position } from './order.ts';
import { type EdgeQuery, type Stretch, toEdgeQuery } from './range-query.ts';
import { EdgeReader } from './range-reader.ts';
import type { RowReader } from './row-reader.ts';
import {
  isPageNumbered,
  type PageNumberGroup,
  type PageTokenGroup,
  type WalkGroup,
} from './source-groups.ts';
import { SliceReader } from './time-window-reader.ts';
import { TokenReader } from './token-reader.ts';
import type { ListPlace, WalkMode } from './transaction-cursor.ts';
import { type ListHabits, WalkSource } from './upstream-list.ts';

/** What the readers of a walk share. */
export interface ReaderDependencies {
  readonly habits: ListHabits;
  readonly context: ReadContext;
  readonly nowSecond: number;
  /** The row that page 1 last began with, for every list of the group: shared by all readings of one page. */
  readonly firstRows: Map<string, string>;
}

/** A reader over one group, and what it knows beside rows. */
export interface OpenGroup {
  readonly reader: RowReader;
  /** The upstream lists it reads, with why an earlier read had to stand in, when one did. */
  readonly sources: readonly { readonly staleBecause: Failure | null; readonly leftOut: Failure | null }[];
  /** Where a later reading finds a position again; null where nothing need be remembered or can be. */
  placeOf(position: Position): ListPlace | null;
}

/** Opens a group's stretch: one upstream list, or several merged. */
export function openGroup(
  group: WalkGroup,
  stretch: Stretch,
  mode: WalkMode,
  dependencies: ReaderDependencies,
): OpenGroup {
  return isPageNumbered(group)
    ? openPageNumbered(group, stretch, mode, dependencies)
    : openByToken(group, stretch, dependencies);
}

function openByToken(
  { account, book, matches }: PageTokenGroup,
  stretch: Stretch,
  { context }: ReaderDependencies,
): OpenGroup {
  const reader = new TokenReader(
    { account, book, context },
    { ...toEdgeQuery(stretch, matches), start: stretch.start, from: stretch.place },
  );
  return { reader, sources: [reader], placeOf: (position) => reader.placeOf(position) };
}

function openPageNumbered(
  group: PageNumberGroup,
  stretch: Stretch,
  mode: WalkMode,
  dependencies: ReaderDependencies,
): OpenGroup {
  const { matches, query } = group.local;
  if (matches === null || mode === 'local' || group.streams === null) {
    const source = sourceOf(group, query, dependencies);
    const reader = openSource(source, stretch, matches, dependencies.nowSecond);
    return { reader, sources: [source], placeOf: nowhere };
  }
  const sources = group.streams.map((stream) => sourceOf(group, stream, dependencies));
  const several = { ...stretch, expectedRowCount: null };
  const readers = sources.map((source) => openSource(source, several, null, dependencies.nowSecond));
  const reader = new MergedStreams(readers, stretch.direction, group.severalStatuses);
  return { reader, sources, placeOf: nowhere };
}

/** A position in a list that is narrowed by time needs nothing else to be found again. */
function nowhere(): null {
  return null;
}

/** A source over one of a group's queries. */
export function sourceOf(
  group: PageNumberGroup,
  query: TransactionQuery,
  { habits, context, firstRows }: ReaderDependencies,
): WalkSource {
  return new WalkSource(group.account, group.book, query, habits, context, firstRows);
}

function openSource(
  source: WalkSource,
  stretch: Stretch,
  matches: ((row: Transaction) => boolean) | null,
  nowSecond: number,
): RowReader {
  const all = toEdgeQuery(stretch, matches);
  const query: EdgeQuery = {
    ...all,
    place: (row) => (source.isOwn(row) ? all.place(row) : 'beyond'),
    countable: all.countable && source.isCountable,
  };
  const { spanSecondsMax } = source.book;
  const { fromSecond, toSecond } = query;
  const fits =
    spanSecondsMax === null ||
    (fromSecond !== null && toSecond !== null && toSecond - fromSecond <= spanSecondsMax);
  return fits ? new EdgeReader(source, query) : new SliceReader(source, query, spanSecondsMax, nowSecond);
}
