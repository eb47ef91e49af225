import type { StreamFormat } from './stream-format.ts';

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
