import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../domain/caller.ts';
import { ownTick } from '../domain/end-of-tick.ts';
import { Failure } from '../domain/failure.ts';
import type { Admission } from '../ports/admission.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import type { Question, ResponseCache } from '../ports/response-cache.ts';
import { type AdmittedRequest, askApollo, partsOf } from './apollo-answer.ts';
import { authRefusal } from './auth-refusal.ts';
import type { AdmitRequest, Authenticate, CallerKey, GraphQLHandler, IncomingRequest } from './contract.ts';
import { type Exchange, type Refusal, type Reply, sendRefusal, sendReply } from './reply.ts';
import { BodyCutShort, BodyRefused, parseJsonText, readJsonText } from './request-body.ts';
import { signalOfCaller, whenClosed } from './signal-of-caller.ts';
import { type AskedFormat, askedFormat } from './streams/asked-format.ts';
import type { OpenStreams } from './streams/open-streams.ts';
import { asOneEvent, type OpenedEvents, openDoor, sendOpened } from './streams/opened-events.ts';
import { foreignPage, postedRequest } from './streams/stream-over-get.ts';

export interface GraphQLRoute<Context> {
  readonly apollo: GraphQLHandler<Context>;
  readonly authenticate: Authenticate;
  readonly admit: AdmitRequest;
  readonly admission: Admission;
  readonly callerKey: CallerKey;
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  readonly bodyBytesMax: number;
  readonly answers: ResponseCache | null;
  readonly streams: OpenStreams;
  /** Web origins whose pages may ask. */
  readonly corsOrigins: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const notAcceptable: Refusal = {
  status: 406,
  code: 'BAD_REQUEST',
  message:
    'The header "accept" takes none of what answers are written as. Send "accept: application/graphql-response+json, application/json;q=0.9".',
};

/** A request to `/graphql` whose caller is known. */
interface Asked {
  readonly caller: Caller;
  readonly callerKey: string;
  readonly format: AskedFormat;
  /** The body as it was sent; null for GET. */
  readonly text: string | null;
  /** Null for one whose answer must be made anew. */
  readonly question: Question | null;
}

/** Answers `GET` and `POST /graphql`. Rejects only for mistakes of ours. */
export async function answerGraphQL<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
): Promise<void> {
  const { request, response } = exchange;
  try {
    const caller = await route.authenticate(exchange.sentHeaders, exchange.origin);
    await route.admit(caller, exchange.origin);
    // Asked before anything is read: an answer that the caller cannot take is not worth an upstream call.
    const format = askedFormat(request.headers.accept);
    if (format === null) return sendRefusal(exchange, notAcceptable);
    const isStreamOverGet = request.method === 'GET' && format.isStreamOnly;
    const foreign = isStreamOverGet ? foreignPage(exchange, route.corsOrigins) : null;
    if (foreign !== null) return sendRefusal(exchange, foreign);
    const { contentType } = format;
    const callerKey = route.callerKey(caller, exchange.origin);
    const text = request.method === 'POST' ? await readText(exchange, route, callerKey) : null;
    const question =
      text === null || !mayBeGivenAgain(request.headers) ? null : { caller, contentType, body: text };
    const asked = { caller, callerKey, format, text, question };
    // Nobody waits for an answer that is there, but for a caller who does not read those before.
    if (route.admission.mayAnswer(callerKey) && giveAgain(exchange, route, asked)) return;
    const signal = signalOfCaller(response);
    const entered = route.admission.enter(callerKey, signal);
    const place = entered instanceof Promise ? await entered : entered;
    let opened: OpenedEvents | null = null;
    try {
      // While it waited, somebody else may have asked the same.
      if (entered === place || !giveAgain(exchange, route, asked)) {
        opened = await execute(exchange, route, asked, { signal, place });
      }
    } finally {
      place.release();
    }
    if (opened !== null) await sendOpened(exchange, route, caller, opened);
  } catch (error) {
    // Nobody is there to be told.
    if (isCallerGone(error)) return;
    const refusal = refusalOf(error, exchange);
    if (refusal === null) throw error;
    sendRefusal(exchange, refusal);
  }
}

/** The text of the body, counted against its caller while it is held. */
export function readText<Context>(exchange: Exchange, route: GraphQLRoute<Context>, callerKey: string) {
  return readJsonText(exchange.request, route.bodyBytesMax, (byteCount) => {
    const release = route.admission.holdBody(callerKey, byteCount);
    if (release !== null) whenClosed(exchange.response, release);
    return release !== null;
  });
}

/** Sends the answer to the same question before, where all it was made of still holds. */
function giveAgain<Context>(exchange: Exchange, route: GraphQLRoute<Context>, asked: Asked): boolean {
  const known = asked.question && route.answers?.find(asked.question);
  if (!known) return false;
  exchange.operation = known.operation;
  sendAnswer(exchange, route, asked, known);
  return true;
}

/** A longer body takes up to 40 ms to be read. */
const smallTextLength = 16_384;

/** Answers; gives the events of a subscription, which are the answer to it. */
async function execute<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
  asked: Asked,
  admitted: Pick<AdmittedRequest, 'signal' | 'place'>,
): Promise<OpenedEvents | null> {
  const { caller, callerKey, format, question, text } = asked;
  if (text !== null && text.length > smallTextLength) await ownTick();
  const doors = openDoor(route.streams, callerKey, format.stream);
  const { reply, basis } = await askApollo(exchange, route, {
    ...requestOf(exchange, text, format),
    ...{ caller, contentType: format.contentType, takeStreamPlace: doors.takeStreamPlace },
    ...admitted,
  });
  const opened = doors.opened();
  if (opened !== null) return opened;
  sendAnswer(exchange, route, asked, reply);
  if (basis !== null && question !== null) {
    route.answers?.keep(question, { ...reply, operation: repeated(exchange.operation) }, basis);
  }
  return null;
}

function requestOf(
  exchange: Exchange,
  text: string | null,
  { isStreamOnly }: AskedFormat,
): Pick<AdmittedRequest, 'parts' | 'body'> {
  if (text !== null) return { parts: partsOf(exchange), body: parseJsonText(text) };
  return isStreamOnly ? postedRequest(exchange) : { parts: partsOf(exchange), body: undefined };
}

/** Sends an answer, which counts against its caller until it has left. */
function sendAnswer<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
  { callerKey, format }: Asked,
  reply: Reply,
): void {
  whenClosed(exchange.response, route.admission.holdAnswer(callerKey, reply.body?.length ?? 0));
  sendReply(exchange, format.isStreamOnly ? asOneEvent(reply, format.stream) : reply);
}

/** Whether nobody is there any more to be told. */
export function isCallerGone(error: unknown): boolean {
  return error instanceof BodyCutShort || (error instanceof Failure && error.code === 'CANCELLED');
}

/** What a caller is told of an error on the way to the operation; null for a mistake of ours. */
export function refusalOf(error: unknown, { request }: Exchange): Refusal | null {
  if (error instanceof BodyRefused) return bodyRefusal(error);
  return authRefusal(error, request.headers.authorization !== undefined);
}

function bodyRefusal({ status, message }: BodyRefused): Refusal {
  if (status !== 503) return { status, code: 'BAD_REQUEST', message };
  return { status, code: 'OVERLOADED', message, retryAfterSeconds: 2 };
}

/** What is written down of a request that is given the answer to another one. */
function repeated(operation: OperationFacts | null): OperationFacts | null {
  return operation && { ...operation, upstreamCalls: 0, isRepeated: true };
}

/** Whether a request leaves it to the gateway how old its answer may be, and does not ask what it cost. */
function mayBeGivenAgain(headers: IncomingHttpHeaders): boolean {
  return headers['cache-control'] === undefined && headers['x-upstream-report'] === undefined;
}
