/** The subscriptions of this process. */
export interface StreamsReport {
  /** Streams that are open. */
  readonly open: number;
  /** Events sent so far. */
  readonly events: number;
}
