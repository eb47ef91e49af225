import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { Failure } from '../domain/failure.ts';
import type { GraphQLHandler, IncomingRequest } from './contract.ts';
import { type Exchange, graphqlErrorReply, type Reply, sendReply } from './reply.ts';
import { BodyCutShort, BodyRefused, readJsonBody } from './request-body.ts';

export interface GraphQLRoute<Context> {
  readonly apollo: GraphQLHandler<Context>;
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  readonly bodyBytesMax: number;
}

/** Answers `GET` and `POST /graphql`. Rejects only for mistakes of ours. */
export async function answerGraphQL<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
): Promise<void> {
  const { request, response, requestId } = exchange;
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
  const answer = await route.apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method ?? 'GET',
      headers: incomingHeaders,
      search: exchange.search,
      body,
    },
    context: () => route.createContext({ headers: incomingHeaders, requestId, signal }),
  });
  await sendAnswer(exchange, answer);
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

async function sendAnswer(exchange: Exchange, answer: HTTPGraphQLResponse): Promise<void> {
  const reply: Reply = { status: answer.status ?? 200, headers: Object.fromEntries(answer.headers) };
  if (answer.body.kind === 'complete') {
    sendReply(exchange, { ...reply, text: answer.body.string });
    return;
  }
  const { response, commonHeaders } = exchange;
  if (response.destroyed) return;
  response.writeHead(reply.status, { ...commonHeaders(), ...reply.headers });
  await pipeline(Readable.from(answer.body.asyncIterator), response);
}
