import type { Failure } from '../domain/failure.ts';
import { ceilSecond, compareInstants, type Instant } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import type { TransactionQuery } from '../ports/transaction-book.ts';
import type { ReadContext } from '../ports/upstream.ts';
import type { ListPlace, WalkMode } from './cursor.ts';
import { type EdgeQuery, EdgeReader } from './edge-reader.ts';
import { MergedStreams } from './merged-streams.ts';
import { compareToPosition, type Position } from './order.ts';
import { isPageNumbered, type PageNumberGroup, type PageTokenGroup, type WalkGroup } from './plan.ts';
import type { RowReader } from './row-reader.ts';
import { SliceReader } from './slice-reader.ts';
import { type ListHabits, WalkSource } from './source.ts';
import { TokenReader } from './token-reader.ts';

/** The stretch of a group's list that is wanted. */
export interface Stretch {
  readonly direction: 'forward' | 'backward';
  /** Rows strictly beyond it in that direction; null starts at the end of the window. */
  readonly start: Position | null;
  /** Whether the row at `start` itself is wanted too. */
  readonly inclusive: boolean;
  /** Upper end of the pinned window, inclusive; null before it is pinned. */
  readonly pin: Instant | null;
  /** Lower end, inclusive. */
  readonly createdFrom: Instant | null;
  /** Upper end, exclusive. */
  readonly createdTo: Instant | null;
  /** Rows believed to lie in the stretch; null when unknown. */
  readonly expectedRowCount: number | null;
  readonly need: number;
  /** Page of a list by page token from which `start` can be found again; null when none is known. */
  readonly place: ListPlace | null;
}

/** What the readers of a walk share. */
export interface ReaderDependencies {
  readonly habits: ListHabits;
  readonly context: ReadContext;
  readonly nowSecond: number;
}

/** A reader over one group, and what it knows beside rows. */
export interface OpenGroup {
  readonly reader: RowReader;
  /** The upstream lists it reads, with why an earlier read had to stand in, when one did. */
  readonly sources: readonly { readonly staleBecause: Failure | null }[];
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
  { habits, context }: ReaderDependencies,
): WalkSource {
  return new WalkSource(group.account, group.book, query, habits, context);
}

function openSource(
  source: WalkSource,
  stretch: Stretch,
  matches: ((row: Transaction) => boolean) | null,
  nowSecond: number,
): RowReader {
  const query = toEdgeQuery(stretch, matches);
  const { spanSecondsMax } = source.book;
  const { fromSecond, toSecond } = query;
  const fits =
    spanSecondsMax === null ||
    (fromSecond !== null && toSecond !== null && toSecond - fromSecond <= spanSecondsMax);
  return fits ? new EdgeReader(source, query) : new SliceReader(source, query, spanSecondsMax, nowSecond);
}

/** The seconds that four digits of a year can write: 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;

/** The query for a stretch: whole seconds for the upstream, and the exact place of each row. */
export function toEdgeQuery(stretch: Stretch, matches: ((row: Transaction) => boolean) | null): EdgeQuery {
  const { direction, start, pin, createdFrom, createdTo } = stretch;
  const forward = direction === 'forward';
  const uppers = [
    forward && start !== null ? ceilSecond(start) : null,
    pin === null ? null : ceilSecond(pin),
    createdTo === null ? null : ceilSecond(createdTo),
  ].filter((second) => second !== null);
  const lowers = [
    !forward && start !== null ? start.second : null,
    createdFrom === null ? null : createdFrom.second,
  ].filter((second) => second !== null);
  return {
    edge: forward ? 'newest' : 'oldest',
    fromSecond: lowers.length === 0 ? null : Math.max(firstSecond, ...lowers),
    toSecond: uppers.length === 0 ? null : Math.min(lastSecond, ...uppers),
    place: (row) => placeIn(stretch, matches, row),
    // A far end within a second is filtered here, so rows not read yet cannot be counted.
    countable: matches === null && ((forward ? createdFrom : createdTo)?.nano ?? 0) === 0,
    expectedRowCount: stretch.expectedRowCount,
    need: stretch.need,
  };
}

function placeIn(
  stretch: Stretch,
  matches: ((row: Transaction) => boolean) | null,
  row: Transaction,
): 'behind' | 'wanted' | 'beyond' {
  const { start, pin, createdFrom, createdTo } = stretch;
  const at = row.createdAt;
  const inWindow =
    (pin === null || compareInstants(at, pin) <= 0) &&
    (createdFrom === null || compareInstants(at, createdFrom) >= 0) &&
    (createdTo === null || compareInstants(at, createdTo) < 0) &&
    (matches === null || matches(row));
  if (!inWindow) return 'beyond';
  if (start === null) return 'wanted';
  const step = compareToPosition(row, start);
  if (step === 0) return stretch.inclusive ? 'wanted' : 'behind';
  return step > 0 === (stretch.direction === 'forward') ? 'wanted' : 'behind';
}
