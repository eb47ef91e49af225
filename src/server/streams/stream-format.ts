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

/** Server-Sent Events in the distinct connections mode of the GraphQL over SSE protocol (package `graphql-sse`). */
export const serverSentEvents: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  // Some proxies and browsers hold back a response until its first bytes.
  start: ':\n\n',
  event: (json) => `event: next\ndata: ${json}\n\n`,
  heartbeat: ':\n\n',
  failure: (errorsJson) => `event: next\ndata: {"errors":${errorsJson}}\n\n`,
  end: 'event: complete\ndata:\n\n',
};

const boundary = 'graphql';
const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--${boundary}`;

/**
 * Multipart responses of Apollo's subscription protocol (`subscriptionSpec=1.0`). Each part ends with the next
 * boundary, so that a reader need not wait for the following part.
 */
export const multipart: StreamFormat = {
  contentType: `multipart/mixed; boundary="${boundary}"; subscriptionSpec=1.0`,
  start: `\r\n--${boundary}`,
  event: (json) => part(`{"payload":${json}}`),
  heartbeat: part('{}'),
  failure: (errorsJson) => part(`{"payload":null,"errors":${errorsJson}}`),
  end: '--\r\n',
};
