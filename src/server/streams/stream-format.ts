/** How the events of a subscription are written. */
export interface StreamFormat {
  readonly contentType: string;
  /** What precedes the first event; empty for nothing. */
  readonly start: string;
  /** One event, from its JSON text. */
  event(json: string): string;
  /** Says that the stream is alive, and nothing else. */
  readonly heartbeat: string;
  /** Says why there will be no more events: `errors` as JSON text. */
  failure(errorsJson: string): string;
  /** Says that there will be no more events. */
  readonly end: string;
}
