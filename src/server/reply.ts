import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestOrigin } from '../domain/ip-address.ts';
import type { OperationFacts, RequestTrace } from '../ports/request-telemetry.ts';
import { preferredMediaType, refusalContentType } from './negotiation.ts';
import type { SentHeaders } from './sent-headers.ts';

/** Headers of every answer, unless the answer itself says otherwise. */
export const defaultHeaders: Readonly<Record<string, string>> = {
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
    ...(reply.status === 204 || reply.status === 304 ? {} : { 'content-length': length }),
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

/** Why a request is not answered, before anybody has decided how its caller is told. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** What is wrong, and the remedy. */
  readonly message: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** When asking again may work: the caller is told in `Retry-After` and in the error itself. */
  readonly retryAfterSeconds?: number;
}

/** Sends a refusal as its caller reads it. Every refusal of a GraphQL request that GraphQL has no part in goes here. */
export function sendRefusal(exchange: Exchange, refusal: Refusal): void {
  sendReply(exchange, refusalReply(refusal, exchange.request.headers.accept, exchange.requestId));
}

/** The same outside the endpoint: clients of GraphQL that were given a wrong URL read JSON, everybody else text. */
export function sendPlainRefusal(exchange: Exchange, refusal: Refusal): void {
  const mediaType =
    preferredMediaType(exchange.request.headers.accept ?? '', plainMediaTypes) ?? 'text/plain';
  if (mediaType !== 'text/plain') sendRefusal(exchange, refusal);
  else sendReply(exchange, textReply(refusal.status, `${refusal.message}\n`, refusal.headers));
}

const plainMediaTypes = ['text/plain', 'application/json', 'application/graphql-response+json'] as const;

/**
 * A refusal in the form and the media type that GraphQL clients read: `errors` with a code, no `data`. Clients take
 * the code from a status other than 2xx only in `application/graphql-response+json`; those that ask for
 * `application/json` alone look at the status first, which is the same.
 */
export function refusalReply(
  { status, code, message, headers, retryAfterSeconds }: Refusal,
  accept: string | undefined,
  requestId: string,
): Reply {
  const again = retryAfterSeconds === undefined ? {} : { retryable: true, retryAfterSeconds };
  return {
    status,
    body: `${JSON.stringify({ errors: [{ message, extensions: { code, ...again, requestId } }] })}\n`,
    headers: {
      'content-type': refusalContentType(accept),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      ...headers,
    },
  };
}
