import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Caller } from '../domain/caller.ts';
import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { AnswerBasis, AnswerMemory, Question, WholeAnswer } from '../ports/answers.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import { authReply } from './auth-reply.ts';
import type { AdmitRequest, Authenticate, GraphQLHandler, IncomingRequest } from './contract.ts';
import { type Exchange, graphqlErrorReply, sendReply } from './reply.ts';
import { BodyCutShort, BodyRefused, parseJsonText, readJsonText } from './request-body.ts';

export interface GraphQLRoute<Context> {
  readonly apollo: GraphQLHandler<Context>;
  readonly authenticate: Authenticate;
  readonly admit: AdmitRequest;
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  readonly bodyBytesMax: number;
  readonly answers: AnswerMemory | null;
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
  let question: Question | null = null;
  if (request.method === 'POST') {
    try {
      const text = await readJsonText(request, route.bodyBytesMax);
      if (mayBeGivenAgain(request.headers)) {
        question = { caller, accept: request.headers.accept, body: text };
        const known = route.answers?.find(question) ?? null;
        if (known !== null) {
          exchange.operation = known.operation;
          return sendReply(exchange, known);
        }
      }
      body = parseJsonText(text);
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
  let basis: AnswerBasis | null = null;
  const onWhole = (whole: AnswerBasis) => {
    basis = whole;
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
        route.createContext({ headers: incomingHeaders, requestId, caller, signal, onOperation, onWhole }),
    });
  const { trace } = exchange;
  const answer = await (trace === null ? execute() : trace.runOperation(execute, () => exchange.operation));
  const reply = toReply(answer);
  sendReply(exchange, reply);
  if (basis !== null && question !== null) {
    route.answers?.keep(question, { ...reply, operation: repeated(exchange.operation) }, basis);
  }
}

/** What is written down of a request that is given the answer to another one. */
function repeated(operation: OperationFacts | null): OperationFacts | null {
  return operation && { ...operation, upstreamCalls: 0, isRepeated: true };
}

/** Whether a request leaves it to the gateway how old its answer may be, and does not ask what it cost. */
function mayBeGivenAgain(headers: IncomingHttpHeaders): boolean {
  return headers['cache-control'] === undefined && headers['x-upstream-report'] === undefined;
}

function toHeaderMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function signalOfCaller(response: ServerResponse): CancelSignal {
  const caller = new Cancellation();
  const abortUnlessSent = () => {
    if (response.writableFinished) return;
    caller.abort(new Failure('CANCELLED', 'The caller went away before the answer was ready.'));
  };
  if (response.destroyed) abortUnlessSent();
  response.once('close', abortUnlessSent);
  return caller;
}

function toReply(answer: HTTPGraphQLResponse): Omit<WholeAnswer, 'operation'> {
  // Only @defer and @stream answer in pieces, and this schema has neither.
  if (answer.body.kind !== 'complete') throw new Error('an answer in pieces has no way out of this server');
  return {
    status: answer.status ?? 200,
    headers: Object.fromEntries(answer.headers),
    body: answer.body.string,
  };
}
