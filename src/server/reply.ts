import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestOrigin } from '../domain/ip-address.ts';
import type { OperationFacts, RequestTrace } from '../ports/request-telemetry.ts';
import type { SentHeaders } from './sent-headers.ts';

/** Headers of every answer, unless the answer itself says otherwise. */
const defaultHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A request on its way through. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  readonly sentHeaders: SentHeaders;
  /** Query part of the URL, with its `?`; empty when there is none. */
  readonly search: string;
  /** Headers that any answer to this request carries, as of now. */
  readonly commonHeaders: () => Readonly<Record<string, string>>;
  /** Null where requests are not traced. */
  readonly trace: RequestTrace | null;
  /** What GraphQL made of the request; null before it has, and for all other requests. */
  operation: OperationFacts | null;
}

/** One whole answer. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or bytes that the headers explain. Absent: no body at all. */
  readonly body?: string | Uint8Array;
}

/** Sends a whole answer; nothing happens when one was sent before. */
export function sendReply({ response, commonHeaders }: Exchange, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const body = reply.body ?? '';
  const length = Buffer.byteLength(body);
  response.writeHead(reply.status, {
    ...defaultHeaders,
    ...commonHeaders(),
    ...reply.headers,
    ...(reply.status === 204 ? {} : { 'content-length': length }),
  });
  // Most answers are ASCII, and leave by the shorter way: a tenth of what an answer from memory takes.
  response.end(body, length === body.length ? 'latin1' : 'utf8');
}

/** A plain text answer. */
export function textReply(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, body: text, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } };
}

/** A refusal in the form GraphQL clients read: `errors` with a code, no `data`. */
export function graphqlErrorReply(
  status: number,
  code: string,
  message: string,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
  details: Readonly<Record<string, unknown>> = {},
): Reply {
  return {
    status,
    body: `${JSON.stringify({ errors: [{ message, extensions: { code, ...details, requestId } }] })}\n`,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  };
}
