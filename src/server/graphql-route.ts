import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../domain/caller.ts';
import type { AnswerMemory, Question } from '../ports/answers.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import { askApollo } from './apollo-answer.ts';
import { authRefusal } from './auth-refusal.ts';
import type { AdmitRequest, Authenticate, GraphQLHandler, IncomingRequest } from './contract.ts';
import { graphqlContentType } from './negotiation.ts';
import { type Exchange, type Refusal, sendRefusal, sendReply } from './reply.ts';
import { BodyCutShort, BodyRefused, parseJsonText, readJsonText } from './request-body.ts';

export interface GraphQLRoute<Context> {
  readonly apollo: GraphQLHandler<Context>;
  readonly authenticate: Authenticate;
  readonly admit: AdmitRequest;
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  readonly bodyBytesMax: number;
  readonly answers: AnswerMemory | null;
}

const notAcceptable: Refusal = {
  status: 406,
  code: 'BAD_REQUEST',
  message:
    'The header "accept" takes none of what answers are written as. Send "accept: application/graphql-response+json, application/json;q=0.9".',
};

/** Answers `GET` and `POST /graphql`. Rejects only for mistakes of ours. */
export async function answerGraphQL<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
): Promise<void> {
  const { request } = exchange;
  let caller: Caller;
  try {
    caller = await route.authenticate(exchange.sentHeaders, exchange.origin);
    await route.admit(caller, exchange.origin);
  } catch (error) {
    const refusal = authRefusal(error, request.headers.authorization !== undefined);
    if (refusal === null) throw error;
    return sendRefusal(exchange, refusal);
  }
  // Asked before anything is read: an answer that the caller cannot take is not worth an upstream call.
  const contentType = graphqlContentType(request.headers.accept);
  if (contentType === null) return sendRefusal(exchange, notAcceptable);
  let body: unknown;
  let question: Question | null = null;
  if (request.method === 'POST') {
    try {
      const text = await readJsonText(request, route.bodyBytesMax);
      if (mayBeGivenAgain(request.headers)) {
        question = { caller, contentType, body: text };
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
      const { status, message } = error;
      return sendRefusal(exchange, { status, code: 'BAD_REQUEST', message });
    }
  }
  const { reply, basis } = await askApollo(exchange, route, { caller, body, contentType });
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
