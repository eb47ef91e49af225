/** Keeps retries a small share of the calls, however many of them fail. */
export interface RetryBudget {
  /** A first attempt is made: it earns a share of a retry. */
  earn(): void;
  /** Whether one more retry may be made; it is paid for when it may. */
  spend(): boolean;
}

/** Retries earned by each first attempt. */
const sharePerCall = 0.1;
/** Retries that can be saved up, and are there at the start: enough for a lone reader to be repeated. */
const savedMax = 10;

export function createRetryBudget(): RetryBudget {
  let saved = savedMax;
  return {
    earn() {
      saved = Math.min(savedMax, saved + sharePerCall);
    },
    spend() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
