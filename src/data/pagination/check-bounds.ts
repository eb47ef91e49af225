import { Failure } from '../../domain/failure.ts';
import { ceilSecond } from '../../domain/instant.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import type { Chunk } from './range-pages.ts';
import type { UpstreamList } from './upstream-list.ts';

/** How often to try: a row removed between the two calls proves nothing. */
const attemptsMax = 3;

/** What a reply must contain at least, going by earlier replies; null expects nothing. */
export interface Expected {
  /** Second, at the edge where reading starts, in which a row was seen. */
  readonly second: number | null;
  readonly rowCount: number | null;
}

/**
 * Checks the bounds if a reply lacks a row that was seen within them. A row exactly at the requested end
 * proves that the bounds mean what they say.
 */
export async function expectBack(
  source: UpstreamList,
  { second, rowCount }: Expected,
  { rows, unread }: Chunk,
  { fromSecond, toSecond }: SecondRange,
): Promise<void> {
  const { observed } = source;
  const isProven =
    (fromSecond === null || observed.includesStart) && (toSecond === null || observed.includesEnd);
  if (isProven) return;
  const back = rows.filter(({ createdAt }) => createdAt.second === second);
  const isMissing = second !== null && back.length === 0;
  const isShort = rowCount !== null && unread !== null && rows.length + unread < rowCount;
  if (isMissing || isShort) await checkBounds(source);
  if (second === null || back.length === 0) return;
  if (second === fromSecond) observed.includesStart = true;
  if (second === toSecond && back.some(({ createdAt }) => createdAt.nano === 0)) observed.includesEnd = true;
}

/** Checks the bounds if a window, read to its end, had fewer rows than an earlier reply counted in it. */
export async function expectAllBack(
  source: UpstreamList,
  rowCount: number,
  expectedRowCount: number | null,
): Promise<void> {
  const isProven = source.observed.includesStart && source.observed.includesEnd;
  if (!isProven && expectedRowCount !== null && rowCount < expectedRowCount) await checkBounds(source);
}

/**
 * Finds out whether the provider's time bounds mean what they say, after a row between them is missing: it
 * may have been removed, or the provider reads the bounds in another time zone, or excludes the end. Requests
 * exactly the second of a row that the list returns without bounds. At most two calls in the life of a
 * process, and none once an expected row has come back. UPSTREAM_SHAPE if the bounds cannot be relied on.
 */
async function checkBounds(source: UpstreamList): Promise<void> {
  const { pageSizeMin } = source.feed;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const unbounded = await source.page({ fromSecond: null, toSecond: null }, 1, pageSizeMin, true);
    const row = unbounded.rows.find(({ createdAt }) => createdAt.nano === 0) ?? unbounded.rows[0];
    if (row === undefined) return;
    const { createdAt } = row;
    const range = { fromSecond: createdAt.second, toSecond: ceilSecond(createdAt) };
    const page = await source.pageUnlessRefused(range, 1, pageSizeMin, true);
    // Ranges in the future are not requested, so this row cannot show anything.
    if (page === null) return;
    if (page.rowCount === 0) continue;
    source.observed.includesStart = true;
    source.observed.includesEnd = true;
    return;
  }
  throw new Failure(
    'UPSTREAM_SHAPE',
    'The provider leaves out transactions of exactly the requested second, as if it read start_time and end_time in another time zone or excluded them, so the list cannot be read in full.',
  );
}
