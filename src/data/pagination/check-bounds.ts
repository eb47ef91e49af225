import { Failure } from '../../domain/failure.ts';
import { ceilSecond } from '../../domain/instant.ts';
import type { SecondRange } from '../../ports/transaction-feed.ts';
import type { Chunk } from './range-pages.ts';
import type { UpstreamList } from './upstream-list.ts';

/** A row that leaves between the two calls proves nothing. */
const attemptsMax = 3;

/** What an answer has to hold at least, as far as earlier answers showed; null expects nothing. */
export interface Expected {
  /** Second at the wanted edge of the range in which a row was seen. */
  readonly second: number | null;
  readonly rowCount: number | null;
}

/**
 * Makes sure of the bounds where an answer does not bring back what was seen within them. A row at the very end that was
 * asked for proves that they mean what they say.
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

/** Makes sure of the bounds where a window gave fewer rows, to its end, than an earlier answer counted in it. */
export async function expectAllBack(
  source: UpstreamList,
  rowCount: number,
  expectedRowCount: number | null,
): Promise<void> {
  const isProven = source.observed.includesStart && source.observed.includesEnd;
  if (!isProven && expectedRowCount !== null && rowCount < expectedRowCount) await checkBounds(source);
}

/**
 * Finds out whether the provider's time bounds mean what they say, where a row that has to lie between them did not
 * come back: it may have gone, or the provider reads the bounds in another time zone or does not include its end.
 * Asks for the very second of a row that the list shows without bounds. Two calls at most in the life of a process,
 * and none where a row came back as it had to. UPSTREAM_SHAPE when the bounds cannot be relied on.
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
    // It will not be asked for the future: nothing can be learned from this row.
    if (page === null) return;
    if (page.rowCount === 0) continue;
    source.observed.includesStart = true;
    source.observed.includesEnd = true;
    return;
  }
  throw new Failure(
    'UPSTREAM_SHAPE',
    'The provider leaves out transactions of the very second that it is asked for, as one does that reads start_time and end_time in another time zone or does not include them, so the list cannot be read in full.',
  );
}
