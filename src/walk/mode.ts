import type { SecondRange } from '../ports/transaction-book.ts';
import type { WalkMode } from './cursor.ts';
import { type ReaderDependencies, sourceOf, toEdgeQuery } from './group-reader.ts';
import type { PageArguments, TransactionSelection } from './page.ts';
import { isPageNumbered, type PageNumberGroup, type WalkGroup } from './plan.ts';
import { isRefusal, type ListPage, type WalkSource } from './source.ts';

/** More streams than this of one list are filtered here instead. */
const streamsMax = 16;

/**
 * How several values of one filter are read. Streams (one per value) can be counted and never read a row in
 * vain; one list filtered here costs less while wanted rows are common, and sees a row that changes its status
 * between two calls exactly once. So: streams when the caller wants totals of values that cannot change; else
 * the first page of the list tells how common the wanted rows are (the walk then finds that page read already).
 */
export function chooseMode(
  groups: readonly WalkGroup[],
  selection: TransactionSelection,
  pageArguments: PageArguments,
  dependenciesOf: (group: WalkGroup) => ReaderDependencies,
): WalkMode | Promise<WalkMode> {
  // A list that comes whole is filtered here in any case.
  const open = groups.filter(isPageNumbered).filter((group) => group.exists && group.local.matches !== null);
  const streamable = open.filter((group) => group.streams !== null && group.streams.length <= streamsMax);
  const [sample] = streamable;
  if (sample === undefined || streamable.length < open.length) return 'local';
  if (pageArguments.wantsTotal && !sample.severalStatuses) return 'streams';
  return chooseByFirstPage(sample, selection, pageArguments, dependenciesOf);
}

async function chooseByFirstPage(
  sample: PageNumberGroup,
  { createdFrom, createdTo }: TransactionSelection,
  pageArguments: PageArguments,
  dependenciesOf: (group: WalkGroup) => ReaderDependencies,
): Promise<WalkMode> {
  const { fromSecond, toSecond } = toEdgeQuery(
    {
      direction: 'forward',
      start: null,
      inclusive: false,
      pin: null,
      createdFrom,
      createdTo,
      expectedRowCount: null,
      need: pageArguments.size,
      place: null,
    },
    null,
  );
  const { spanSecondsMax, pageSizeMax } = sample.book;
  if (
    spanSecondsMax !== null &&
    fromSecond !== null &&
    (toSecond ?? Infinity) - fromSecond > spanSecondsMax
  ) {
    return 'local';
  }
  const source = sourceOf(sample, sample.local.query, dependenciesOf(sample));
  const page = await samplePage(source, { fromSecond, toSecond }, pageSizeMax);
  if (page === null || page.rows.length >= page.rowCount) return 'local';
  const matches = page.rows.filter((row) => sample.local.matches?.(row)).length;
  const localCalls = Math.ceil((pageArguments.size + 1) / Math.max(matches, 0.5));
  return localCalls > (sample.streams?.length ?? 0) ? 'streams' : 'local';
}

/** Null where the upstream refuses the range: the reader that follows knows how to ask instead. */
async function samplePage(
  source: WalkSource,
  range: SecondRange,
  pageSize: number,
): Promise<ListPage | null> {
  try {
    return await source.page(range, 1, pageSize);
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}
