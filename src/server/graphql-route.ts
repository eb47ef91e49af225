import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../domain/caller.ts';
import { ownTick } from '../domain/end-of-tick.ts';
import { Failure } from '../domain/failure.ts';
import type { Admission } from '../ports/admission.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import type { CacheableRequest, ResponseCache } from '../ports/response-cache.ts';
import { type AdmittedRequest, askApollo, partsOf } from './apollo-answer.ts';
import { authRefusal } from './auth-refusal.ts';
import type { AdmitRequest, Authenticate, CallerKey, GraphQLHandler, IncomingRequest } from './contract.ts';
import { type Exchange, type Refusal, type Reply, sendRefusal, sendReply } from './reply.ts';
import { BodyCutShort, BodyRefused, bodyRefusal, parseJsonText, readJsonText } from './request-body.ts';
import { signalOfCaller, whenClosed } from './signal-of-caller.ts';
import { type DeliveryOptions, destinationOf } from './streams/destination.ts';
import { type NegotiatedFormat, negotiateFormat } from './streams/negotiate-format.ts';
import type { OpenStreams } from './streams/open-streams.ts';
import { asOneEvent, createStreamOpener, type OpenedEvents, sendOpened } from './streams/opened-events.ts';
import { foreignPage, postedRequest } from './streams/stream-over-get.ts';

export interface GraphQLRoute<Context> {
  readonly apollo: GraphQLHandler<Context>;
  readonly authenticate: Authenticate;
  readonly admit: AdmitRequest;
  readonly admission: Admission;
  readonly callerKey: CallerKey;
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  readonly bodyBytesMax: number;
  readonly responseCache: ResponseCache | null;
  readonly streams: OpenStreams;
  /** How the events of subscriptions are delivered. */
  readonly delivery: DeliveryOptions;
  /** Web origins whose pages may send requests. */
  readonly corsOrigins: readonly string[];
}

const notAcceptable: Refusal = {
  status: 406,
  code: 'BAD_REQUEST',
  message:
    'The header "accept" allows none of the formats of answers. Send "accept: application/graphql-response+json, application/json;q=0.9".',
};

/** A request to `/graphql` whose caller is known. */
interface CallerRequest {
  readonly caller: Caller;
  readonly callerKey: string;
  readonly format: NegotiatedFormat;
  /** The request's body as it was sent; null for GET. */
  readonly text: string | null;
  /** Key of the response cache; null when the answer must not come from it. */
  readonly cacheable: CacheableRequest | null;
}

/** Answers `GET` and `POST /graphql`. Rejects only for bugs here. */
export async function answerGraphQL<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
): Promise<void> {
  try {
    // Nothing of the request is kept in memory while its events last.
    const opened = await answerOrOpen(exchange, route);
    if (opened !== null) await sendOpened(exchange, route.streams, opened);
  } catch (error) {
    // The caller has disconnected.
    if (isCallerGone(error)) return;
    const refusal = refusalOf(error, exchange);
    if (refusal === null) throw error;
    sendRefusal(exchange, refusal);
  }
}

/** Sends the answer; for a subscription that was started, returns its events instead, which are the answer. */
async function answerOrOpen<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
): Promise<OpenedEvents | null> {
  const { request, response } = exchange;
  const caller = await route.authenticate(exchange.sentHeaders, exchange.origin);
  await route.admit(caller, exchange.origin);
  // Negotiated before anything is read: an answer that the caller cannot accept is not worth an upstream call.
  const format = negotiateFormat(request.headers.accept);
  if (format === null) return refuse(exchange, notAcceptable);
  const isStreamOverGet = request.method === 'GET' && format.isStreamOnly;
  const foreign = isStreamOverGet ? foreignPage(exchange, route.corsOrigins) : null;
  if (foreign !== null) return refuse(exchange, foreign);
  const { contentType } = format;
  const callerKey = route.callerKey(caller, exchange.origin);
  const text = request.method === 'POST' ? await readText(exchange, route, callerKey) : null;
  const cacheable =
    text === null || !mayBeCached(request.headers) ? null : { caller, contentType, body: text };
  const asked = { caller, callerKey, format, text, cacheable };
  // A cached answer needs no admission, unless the caller has too many unread answers.
  if (route.admission.mayAnswer(callerKey) && sendCached(exchange, route, asked)) return null;
  const signal = signalOfCaller(response);
  const entered = route.admission.enter(callerKey, signal);
  const slot = entered instanceof Promise ? await entered : entered;
  try {
    // While this request waited, another one may have cached the answer.
    const isAnswered = entered !== slot && sendCached(exchange, route, asked);
    return isAnswered ? null : await execute(exchange, route, asked, { signal, slot });
  } finally {
    slot.release();
  }
}

function refuse(exchange: Exchange, refusal: Refusal): null {
  sendRefusal(exchange, refusal);
  return null;
}

/** Reads the body as text; its memory counts against the caller until the exchange ends. */
export function readText<Context>(exchange: Exchange, route: GraphQLRoute<Context>, callerKey: string) {
  return readJsonText(exchange.request, route.bodyBytesMax, (byteCount) => {
    const release = route.admission.holdBody(callerKey, byteCount);
    if (release !== null) whenClosed(exchange.response, release);
    return release !== null;
  });
}

/** Sends the cached answer to the same cacheable, if all reads behind it are still current. */
function sendCached<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
  asked: CallerRequest,
): boolean {
  const known = asked.cacheable && route.responseCache?.find(asked.cacheable);
  if (!known) return false;
  exchange.operation = known.operation;
  sendAnswer(exchange, route, asked, known);
  return true;
}

/** Parsing a longer body can take 40 ms. */
const smallTextLength = 16_384;

/**
 * Executes the operation and sends its answer. For a subscription, returns its events instead, which are the answer.
 */
async function execute<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
  asked: CallerRequest,
  admitted: Pick<AdmittedRequest, 'signal' | 'slot'>,
): Promise<OpenedEvents | null> {
  const { caller, callerKey, format, cacheable, text } = asked;
  if (text !== null && text.length > smallTextLength) await ownTick();
  const { parts, body } = requestOf(exchange, text, format);
  const opener = createStreamOpener(
    route.streams,
    { callerKey, expiresAtMs: caller.expiresAtMs ?? null },
    destinationOf(exchange, route.delivery, format, body),
  );
  const { reply, basis } = await askApollo(exchange, route, {
    ...{ parts, body },
    ...{ caller, contentType: format.contentType, reserveStream: opener.reserveStream },
    ...admitted,
  });
  const opened = opener.opened();
  if (opened !== null) return opened;
  sendAnswer(exchange, route, asked, reply);
  if (basis !== null && cacheable !== null) {
    route.responseCache?.keep(cacheable, { ...reply, operation: toCachedFacts(exchange.operation) }, basis);
  }
  return null;
}

function requestOf(
  exchange: Exchange,
  text: string | null,
  { isStreamOnly }: NegotiatedFormat,
): Pick<AdmittedRequest, 'parts' | 'body'> {
  if (text !== null) return { parts: partsOf(exchange), body: parseJsonText(text) };
  return isStreamOnly ? postedRequest(exchange) : { parts: partsOf(exchange), body: undefined };
}

/** Sends an answer; its bytes count against the caller until they have been sent. */
function sendAnswer<Context>(
  exchange: Exchange,
  route: GraphQLRoute<Context>,
  { callerKey, format }: CallerRequest,
  reply: Reply,
): void {
  whenClosed(exchange.response, route.admission.holdAnswer(callerKey, reply.body?.length ?? 0));
  sendReply(exchange, format.isStreamOnly ? asOneEvent(reply, format.stream) : reply);
}

/** Whether the caller has disconnected. */
export function isCallerGone(error: unknown): boolean {
  return error instanceof BodyCutShort || (error instanceof Failure && error.code === 'CANCELLED');
}

/** Maps an error before the operation to its refusal; null for a bug here. */
export function refusalOf(error: unknown, { request }: Exchange): Refusal | null {
  if (error instanceof BodyRefused) return bodyRefusal(error);
  return authRefusal(error, request.headers.authorization !== undefined);
}

/** The facts recorded for a request that gets a cached answer. */
function toCachedFacts(operation: OperationFacts | null): OperationFacts | null {
  return operation && { ...operation, upstreamCalls: 0, isRepeated: true };
}

/** Whether a request accepts an answer of any age, and does not ask what it cost. */
function mayBeCached(headers: IncomingHttpHeaders): boolean {
  return headers['cache-control'] === undefined && headers['x-upstream-report'] === undefined;
}
