/** The share of a provider's calls per minute that polls may use. */
export interface CallShare {
  /** Time in which the share allows that many calls; 0 if there is no limit. */
  timeOf(calls: number): number;
  /** When the calls made so far no longer exceed the share, epoch milliseconds. */
  evenAtMs(): number;
  /** When an early poll may use calls in advance, epoch milliseconds. */
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
