import type { StreamFormat } from './stream-format.ts';

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
