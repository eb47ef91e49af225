/** Limits retries to a small share of the calls, however many calls fail. */
export interface RetryBudget {
  /** Counts a first attempt, which earns a fraction of a retry. */
  earn(): void;
  /** Whether one more retry may be made; if so, it is deducted. */
  spend(): boolean;
}

/** Retries earned by each first attempt. */
const sharePerCall = 0.1;
/** Most retries that can be saved up; available from the start, so that a single caller gets retries too. */
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
