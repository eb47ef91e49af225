import { secondMax } from '../../domain/instant.ts';
import type { UpstreamList } from './upstream-list.ts';
import type { WholeList } from './whole-list.ts';

const daySeconds = 86_400;

const attemptsMax = 3;

/**
 * Whether a provider that limits the time span of a range returns the whole list for a range with one bound. Requests a
 * range that ends so late that the known rows lie further back than the limit: one of them in the answer means that such a
 * range is not cut. Rows dated still later make it ask once more. The result is kept in the observations of the list.
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
    // Times that late cannot be written.
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

/** Whether rows that `toSecond` alone gave lie further back than a provider would show that cuts such a range. */
export function liesBeyondSpan(second: number, toSecond: number, spanSeconds: number): boolean {
  return second < toSecond - spanSeconds - daySeconds;
}
