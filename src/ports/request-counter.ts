/** What was counted for one key. */
export interface Counted {
  /** Times in the running minute, this one included. */
  readonly count: number;
  /** Until that minute is over. */
  readonly endsInMs: number;
}

/** Counts what callers do, minute by minute. */
export interface RequestCounter {
  /** Counts `key` once more; its minute begins with the first time. Never rejects. */
  count(key: string): Promise<Counted>;
}
