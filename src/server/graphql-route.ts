import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Caller } from '../domain/caller.ts';
import { Failure } from '../domain/failure.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import { authReply } from './auth-reply.ts';
import type { AdmitRequest, Authenticate, GraphQLHandler, IncomingRequest } from './contract.ts';
import { type Exchange, graphqlErrorReply, sendReply } from './reply.ts';
import { BodyCutShort, BodyRefused, readJsonBody } from './request-body.ts';

export interface GraphQLRoute<Context> {
  readonly apollo: GraphQLHandler<Context>;
  readonly authenticate: Authenticate;
  readonly admit: AdmitRequest;
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  readonly bodyBytesMax: number;
}

/** Answers `GET` and `POST /graphql`. Rejects only for mistakes of ours. */
export async function answerGraphQL<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
): Promise<void> {
  const { request, response, requestId } = exchange;
  let caller: Caller;
  try {
    caller = await route.authenticate(exchange.sentHeaders, exchange.origin);
    await route.admit(caller, exchange.origin);
  } catch (error) {
    const refusal = authReply(error, request.headers.authorization !== undefined, requestId);
    if (refusal === null) throw error;
    sendReply(exchange, refusal);
    return;
  }
  let body: unknown;
  if (request.method === 'POST') {
    try {
      body = await readJsonBody(request, route.bodyBytesMax);
    } catch (error) {
      if (error instanceof BodyCutShort) return;
      if (!(error instanceof BodyRefused)) throw error;
      sendReply(exchange, graphqlErrorReply(error.status, 'BAD_REQUEST', error.message, requestId));
      return;
    }
  }
  const incomingHeaders = toHeaderMap(request);
  const signal = signalOfCaller(response);
  const onOperation = (facts: OperationFacts) => {
    exchange.operation = facts;
  };
  const execute = () =>
    route.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? 'GET',
        headers: incomingHeaders,
        search: exchange.search,
        body,
      },
      context: () =>
        route.createContext({ headers: incomingHeaders, requestId, caller, signal, onOperation }),
    });
  const { trace } = exchange;
  sendAnswer(
    exchange,
    await (trace === null ? execute() : trace.runOperation(execute, () => exchange.operation)),
  );
}

function toHeaderMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function signalOfCaller(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abortUnlessSent = () => {
    if (response.writableFinished) return;
    controller.abort(new Failure('CANCELLED', 'The caller went away before the answer was ready.'));
  };
  if (response.destroyed) abortUnlessSent();
  response.once('close', abortUnlessSent);
  return controller.signal;
}

function sendAnswer(exchange: Exchange, answer: HTTPGraphQLResponse): void {
  // Only @defer and @stream answer in pieces, and this schema has neither.
  if (answer.body.kind !== 'complete') throw new Error('an answer in pieces has no way out of this server');
  sendReply(exchange, {
    status: answer.status ?? 200,
    headers: Object.fromEntries(answer.headers),
    body: answer.body.string,
  });
}
