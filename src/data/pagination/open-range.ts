import { secondMax } from '../../domain/instant.ts';
import type { UpstreamList } from './upstream-list.ts';
import type { WholeList } from './whole-list.ts';

const daySeconds = 86_400;

const attemptsMax = 3;

/**
 * Whether a provider that limits the time span of a range returns the whole list for a range with one bound.
 * Requests a range that ends so late that the known rows are further back than the limit: if the reply has
 * one of them, such a range is not cut. Rows dated even later cause one more request. The result is stored in
 * the observations of the list.
 */
export async function servesOpenRangesWhole(
  source: UpstreamList,
  list: WholeList,
  latestSecond: number,
  spanSeconds: number,
): Promise<boolean> {
  let latest = latestSecond;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const toSecond = latest + spanSeconds + 2 * daySeconds;
    // Later times cannot be written.
    if (toSecond > secondMax) return false;
    const page = await source.pageUnlessRefused({ fromSecond: null, toSecond }, 1, source.feed.pageSizeMin);
    const seconds = (page?.rows ?? []).map(({ createdAt }) => createdAt.second);
    if (seconds.length === 0) {
      if ((await list.oldestSecond()) !== null) source.observed.openRange = 'clipped';
      return false;
    }
    if (seconds.some((second) => liesBeyondSpan(second, toSecond, spanSeconds))) {
      source.observed.openRange = 'whole';
      return true;
    }
    latest = Math.max(...seconds);
  }
  return false;
}

/**
 * Whether rows returned for `toSecond` alone are further back than a provider that cuts such a range would
 * return.
 */
export function liesBeyondSpan(second: number, toSecond: number, spanSeconds: number): boolean {
  return second < toSecond - spanSeconds - daySeconds;
}
