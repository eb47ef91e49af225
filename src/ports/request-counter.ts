/** The count for one key. */
export interface Counted {
  /** Requests in the current minute, this one included. */
  readonly count: number;
  /** Milliseconds until that minute is over. */
  readonly endsInMs: number;
}

/** Counts requests per key and minute. */
export interface RequestCounter {
  /** Counts one more request for `key`; its minute starts with the first one. Never rejects. */
  count(key: string): Promise<Counted>;
}
