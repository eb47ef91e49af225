import { secondMax } from '../domain/instant.ts';
import type { WalkSource } from './source.ts';
import type { WholeList } from './whole-list.ts';

const daySeconds = 86_400;

/**
 * Whether a provider that limits the span between both bounds serves the whole list to one bound alone. Asks up to a
 * moment so late that nothing can lie within the limit before it: rows in the answer mean that a single bound is not
 * cut. What was found out is kept in the habits of the list.
 */
export async function servesOpenRangesWhole(
  source: WalkSource,
  list: WholeList,
  latestSecond: number,
  spanSeconds: number,
): Promise<boolean> {
  const toSecond = latestSecond + spanSeconds + daySeconds;
  // No time can be written that is late enough.
  if (toSecond > secondMax) return false;
  const page = await source.pageUnlessRefused({ fromSecond: null, toSecond }, 1, source.book.pageSizeMin);
  const rowCount = page?.rowCount ?? 0;
  if (rowCount > 0) source.habits.openRange = 'whole';
  else if ((await list.oldestSecond()) !== null) source.habits.openRange = 'clipped';
  return rowCount > 0;
}

/** Whether rows that `toSecond` alone gave lie further back than a provider would show that cuts such a range. */
export function liesBeyondSpan(second: number, toSecond: number, spanSeconds: number): boolean {
  return second < toSecond - spanSeconds - daySeconds;
}
