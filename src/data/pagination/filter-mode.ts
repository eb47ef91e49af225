import type { SecondRange } from '../../ports/transaction-feed.ts';
import { type ReaderDependencies, sourceOf, toRangeQuery } from './group-reader.ts';
import type { PageArguments, TransactionSelection } from './page.ts';
import { type RangeQuery, wholeWindow } from './range-query.ts';
import { isPageNumbered, type PageNumberGroup, type SourceGroup } from './source-groups.ts';
import { newestRange } from './time-window-range.ts';
import type { FilterMode } from './transaction-cursor.ts';

/** With more streams of one list than this, the list is filtered here instead. */
const streamsMax = 16;

/**
 * Chooses how to read several values of one filter. Streams (one per value) can be counted and never read a
 * row in vain; one list filtered here costs less while matching rows are common, and returns a row that
 * changes its status between two calls exactly once. Therefore: streams if the caller wants totals of values
 * that cannot change; otherwise the first page of the list shows how common matching rows are (the reader
 * then finds that page already read).
 */
export function chooseMode(
  groups: readonly SourceGroup[],
  selection: TransactionSelection,
  pageArguments: PageArguments,
  dependenciesOf: (group: SourceGroup) => ReaderDependencies,
): FilterMode | Promise<FilterMode> {
  // A list that cannot be filtered upstream is filtered here in any case.
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
  dependenciesOf: (group: SourceGroup) => ReaderDependencies,
): Promise<FilterMode> {
  const dependencies = dependenciesOf(sample);
  const query = toRangeQuery(
    { ...wholeWindow, order: 'newest-first', createdFrom, createdTo, need: pageArguments.size },
    sample.local.matches,
  );
  const range = firstRange(sample, query, dependencies);
  // If a window is read in slices, the first one shows little.
  if (range.fromSecond !== query.fromSecond && range.fromSecond !== null) return 'local';
  const source = sourceOf(sample, sample.local.query, dependencies);
  // If the upstream refuses the range, the reader that follows knows what to request instead.
  const page = await source.pageUnlessRefused(range, 1, sample.feed.pageSizeMax);
  if (page === null || page.rows.length >= page.rowCount) return 'local';
  const matches = page.rows.filter((row) => query.classify(row) === 'wanted').length;
  const localCalls = Math.ceil((pageArguments.size + 1) / Math.max(matches, 0.5));
  return localCalls > (sample.streams?.length ?? 0) ? 'streams' : 'local';
}

/** The range that the reader of the first page will request, so that it finds that page already read. */
function firstRange(
  { feed }: PageNumberGroup,
  query: RangeQuery,
  { observed, nowSecond }: ReaderDependencies,
): SecondRange {
  const { spanSecondsMax } = feed;
  if (spanSecondsMax === null) return query;
  return newestRange(query, { spanSeconds: spanSecondsMax, nowSecond, openRange: observed.openRange });
}
