/** How the events of a subscription are written. */
export interface StreamFormat {
  readonly contentType: string;
  /** Written before the first event; may be empty. */
  readonly start: string;
  /** One event, from its JSON text. */
  event(json: string): string;
  /** Shows that the stream is alive. */
  readonly heartbeat: string;
  /** Ends the events because of an error: `errors` as JSON text. */
  failure(errorsJson: string): string;
  /** Ends the events. */
  readonly end: string;
}
