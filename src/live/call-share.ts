/** The share of a provider's calls per minute that polls may use. */
export interface CallShare {
  /** Time in which the share allows so many calls; 0 if there is no limit. */
  timeOf(calls: number): number;
  /** When the calls made so far have come to no more than the share, epoch milliseconds. */
  evenAtMs(): number;
  /** When a poll that is wanted early may use calls in advance, epoch milliseconds. */
  advanceAtMs(): number;
  use(calls: number): void;
}

/** How much of the share may be used in advance: that of a quarter of a minute. */
const advanceMs = 15_000;
const minuteMs = 60_000;

/** `callsPerMinute` is the share; null for no limit. */
export function createCallShare(callsPerMinute: () => number | null, now: () => number): CallShare {
  let evenAtMs = 0;
  const timeOf = (calls: number) => {
    const allowed = callsPerMinute();
    return allowed === null ? 0 : (calls / allowed) * minuteMs;
  };
  return {
    timeOf,
    evenAtMs: () => evenAtMs,
    advanceAtMs: () => evenAtMs - advanceMs,
    use(calls) {
      evenAtMs = Math.max(evenAtMs, now()) + timeOf(calls);
    },
  };
}
