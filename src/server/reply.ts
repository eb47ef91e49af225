import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestOrigin } from '../domain/ip-address.ts';
import type { OperationFacts, RequestTrace } from '../ports/request-telemetry.ts';
import { preferredMediaType, refusalContentType } from './negotiation.ts';
import type { SentHeaders } from './sent-headers.ts';

/** Headers of every answer, unless the answer overrides them. */
export const defaultHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A request and its response, while it is handled. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  readonly sentHeaders: SentHeaders;
  /** Query part of the URL, with its `?`; empty when there is none. */
  readonly search: string;
  /** Headers that every answer to this request carries; computed when it is sent. */
  readonly commonHeaders: () => Readonly<Record<string, string>>;
  /** Null when requests are not traced. */
  readonly trace: RequestTrace | null;
  /** The facts of the GraphQL operation; null until it has run, and for other requests. */
  operation: OperationFacts | null;
}

/** A complete answer. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or bytes that the headers describe. Absent for no body. */
  readonly body?: string | Uint8Array;
}

/** Sends a complete answer; does nothing if one was already sent. */
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
  // Most answers are ASCII, and latin1 is the faster encoding: a tenth of an answer from the cache.
  response.end(body, length === body.length ? 'latin1' : 'utf8');
}

/** Creates a plain text answer. */
export function textReply(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, body: text, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } };
}

/** Why a request is refused, independent of how the caller will read it. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** What is wrong, and the remedy. */
  readonly message: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** When a retry may succeed; sent as `Retry-After` and in the error itself. */
  readonly retryAfterSeconds?: number;
}

/**
 * Sends a refusal in the caller's media type. Every refusal of a GraphQL request that GraphQL itself did not make
 * passes through here.
 */
export function sendRefusal(exchange: Exchange, refusal: Refusal): void {
  sendReply(exchange, refusalReply(refusal, exchange.request.headers.accept, exchange.requestId));
}

/** The refusal of a method; `allow` lists those that are supported. */
export function methodNotAllowed(allow: string, message: string): Refusal {
  return { status: 405, code: 'BAD_REQUEST', message, headers: { allow } };
}

/** Sends a refusal outside the endpoint: as JSON to GraphQL clients with a wrong URL, as text to others. */
export function sendPlainRefusal(exchange: Exchange, refusal: Refusal): void {
  const mediaType =
    preferredMediaType(exchange.request.headers.accept ?? '', plainMediaTypes) ?? 'text/plain';
  if (mediaType !== 'text/plain') sendRefusal(exchange, refusal);
  else sendReply(exchange, textReply(refusal.status, `${refusal.message}\n`, refusalHeaders(refusal)));
}

/** The headers of a refusal, whatever its body is written as. */
function refusalHeaders({ headers, retryAfterSeconds }: Refusal): Readonly<Record<string, string>> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...headers,
  };
}

const plainMediaTypes = ['text/plain', 'application/json', 'application/graphql-response+json'] as const;

/**
 * Writes a refusal in the form and media type that GraphQL clients read: `errors` with a code, no `data`. With a status
 * other than 2xx, clients read the code only from `application/graphql-response+json`; those that accept only
 * `application/json` look at the status first, which is the same.
 */
export function refusalReply(refusal: Refusal, accept: string | undefined, requestId: string): Reply {
  const { status, code, message, retryAfterSeconds } = refusal;
  const again = retryAfterSeconds === undefined ? {} : { retryable: true, retryAfterSeconds };
  return {
    status,
    body: `${JSON.stringify({ errors: [{ message, extensions: { code, ...again, requestId } }] })}\n`,
    headers: { 'content-type': refusalContentType(accept), ...refusalHeaders(refusal) },
  };
}
