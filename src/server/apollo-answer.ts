import type { IncomingMessage } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Caller } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { OperationSlot } from '../ports/admission.ts';
import type { ReserveStream } from '../ports/event-stream.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import type { CachedResponse, ResponseBasis } from '../ports/response-cache.ts';
import type { GraphQLHandler, IncomingRequest } from './contract.ts';
import { withoutEmptyInBody, withoutEmptyInSearch } from './graphql-parameters.ts';
import { type GraphQLContentType, requestErrorStatus } from './negotiation.ts';
import type { Exchange } from './reply.ts';

/** What Apollo Server reads from a request, besides its body. */
export interface RequestParts {
  readonly method: string;
  readonly headers: HeaderMap;
  /** Query part of the URL, with its `?`; empty when there is none. */
  readonly search: string;
}

/** A GraphQL request that has been admitted. */
export interface AdmittedRequest {
  readonly parts: RequestParts;
  readonly caller: Caller;
  /** The parsed body of a `POST`. */
  readonly body: unknown;
  /** The content type of the answer. */
  readonly contentType: GraphQLContentType;
  /** Aborts when the caller disconnects. */
  readonly signal: CancelSignal;
  readonly slot: OperationSlot;
  /** Reserves a slot for an event stream; null when the caller does not accept a stream. */
  readonly reserveStream: ReserveStream | null;
}

interface ApolloAnswer {
  readonly reply: Omit<CachedResponse, 'operation'>;
  /** The reads behind the answer; null when it has errors, or no data from upstream. */
  readonly basis: ResponseBasis | null;
}

/**
 * Apollo Server reads the content type to recognise requests that a browser sends without a preflight, in time that
 * grows with the square of the blanks: 0.1 s for a header of 15 kB. Browsers never send a longer one than this without
 * a preflight (Fetch, "CORS-safelisted request-header").
 */
const simpleTypeLengthMax = 128;

/** Lets Apollo Server answer, and makes the answer match what was negotiated with the caller. */
export async function askApollo<Context>(
  exchange: Exchange,
  { apollo, createContext }: { apollo: GraphQLHandler<Context>; createContext: CreateContext<Context> },
  { parts, caller, body, contentType, signal, slot, reserveStream }: AdmittedRequest,
): Promise<ApolloAnswer> {
  const { requestId, trace } = exchange;
  const { headers } = parts;
  // Apollo Server negotiates by this header too, with its own rules, so it sees only the result. It writes JSON without
  // one, and reading one takes 2 % of a small answer.
  if (contentType.startsWith('application/json')) headers.delete('accept');
  else headers.set('accept', contentType);
  if ((headers.get('content-type')?.length ?? 0) > simpleTypeLengthMax) {
    headers.set('content-type', 'application/json');
  }
  let basis: ResponseBasis | null = null;
  const incoming: IncomingRequest = {
    ...{ headers, requestId, caller, signal, reserveStream },
    onOperation(facts) {
      exchange.operation = facts;
    },
    onCompleteAnswer(reads) {
      basis = reads;
    },
    onCost: (cost) => slot.weigh(cost),
  };
  const execute = () =>
    apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: parts.method,
        headers,
        search: withoutEmptyInSearch(parts.search),
        body: withoutEmptyInBody(body),
      },
      context: () => createContext(incoming),
    });
  const answer = await (trace === null ? execute() : trace.runOperation(execute, () => exchange.operation));
  return { reply: toReply(answer, contentType, exchange), basis };
}

type CreateContext<Context> = (request: IncomingRequest) => Promise<Context>;

/** The parts of a request to the GraphQL endpoint itself. */
export function partsOf({ request, search }: Exchange): RequestParts {
  return { method: request.method ?? 'GET', headers: toHeaderMap(request), search };
}

function toHeaderMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function toReply(
  answer: HTTPGraphQLResponse,
  contentType: GraphQLContentType,
  { operation, requestId }: Exchange,
): Omit<CachedResponse, 'operation'> {
  // Only @defer and @stream produce chunked bodies, and this schema has neither.
  if (answer.body.kind !== 'complete') throw new Error('an answer in pieces has no way out of this server');
  const { string } = answer.body;
  const { status = 200 } = answer;
  // Refused before there was an operation, so no hook has seen the errors.
  const isUnseen = status >= 400 && operation === null;
  return {
    status: statusOf(status, operation, contentType),
    headers: Object.fromEntries(answer.headers),
    body: isUnseen ? withRequestId(string, requestId) : string,
  };
}

/**
 * Maps Apollo Server's 400: a malformed request (BAD_REQUEST) stays 400; for a well-formed request that was refused,
 * the status depends on the media type.
 */
function statusOf(status: number, operation: OperationFacts | null, contentType: GraphQLContentType): number {
  if (status !== 400 || operation === null || operation.codes.includes('BAD_REQUEST')) return status;
  return requestErrorStatus(contentType);
}

function withRequestId(body: string, requestId: string): string {
  const answer: { errors?: readonly { extensions?: object }[] } = JSON.parse(body);
  if (answer.errors === undefined) return body;
  const errors = answer.errors.map((error) => ({
    ...error,
    extensions: { ...error.extensions, requestId },
  }));
  return `${JSON.stringify({ ...answer, errors })}\n`;
}
