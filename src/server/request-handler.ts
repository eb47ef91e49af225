import type { IncomingMessage, ServerResponse } from 'node:http';
import { atEndOfTick } from '../domain/end-of-tick.ts';
import type { AddressList } from '../domain/ip-address.ts';
import type { RequestObserver, RequestSummary, RequestTracer } from '../ports/request-telemetry.ts';
import { createOriginOf } from './client-address.ts';
import type { Connections, HandleInTurn } from './connections.ts';
import type { ServerLog } from './contract.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { exportPrefix } from './export/index.ts';
import { answerGraphQL, type GraphQLRoute } from './graphql-route.ts';
import { isThisMachine, misdirected } from './host-name.ts';
import { answerMcp, type McpRoute, mcpMethods } from './mcp-route.ts';
import { preferredMediaType } from './negotiation.ts';
import { type OperatorRoutes, operatorReply, otherMethodReply } from './operator-routes.ts';
import { metadataPaths, metadataReply } from './protected-resource.ts';
import { createOriginNotes } from './refused-origins.ts';
import {
  type Exchange,
  type Refusal,
  type Reply,
  sendPlainRefusal,
  sendRefusal,
  sendReply,
  textReply,
} from './reply.ts';
import { requestIdOf } from './request-id.ts';
import { callersTrace, splitTarget, toLogLine, toRoute } from './request-line.ts';
import { sentHeaders } from './sent-headers.ts';
import { type FindFile, sendFile } from './static-file.ts';
import { answerWebhook, type WebhookRoute, webhookPrefix } from './webhook-route.ts';

export interface RequestHandlerOptions<Context> {
  /** Answers what is below `/export/`; null answers 404 there. */
  readonly answerExport: ((exchange: Exchange, path: string) => Promise<void>) | null;
  /** Null answers 404 below `/webhooks/`. */
  readonly webhooks: WebhookRoute | null;
  readonly graphql: GraphQLRoute<Context>;
  readonly connections: Connections;
  readonly log: ServerLog;
  /** Plain text for `GET /`; null answers 404 there. */
  readonly homePage: () => string | null;
  /** Pages, scripts and styles. Browsers get the page at `/` in place of the text. */
  readonly findFile: FindFile;
  readonly corsOrigins: readonly string[];
  /** Null answers 404 at `/mcp`. */
  readonly mcp: McpRoute | null;
  /** Issuer of the tokens that callers need; null without such. */
  readonly tokenIssuer: string | null;
  /** Headers by which callers are told apart. */
  readonly callerHeaders: readonly string[];
  readonly anyHostName: boolean;
  readonly trustedProxies: AddressList;
  readonly operator: OperatorRoutes;
  readonly observer: RequestObserver | undefined;
  readonly tracer: RequestTracer | undefined;
}

const graphqlMethods = 'GET, POST, OPTIONS';

/** Answers every request: `/graphql`, the operator's routes, `/` where there is a page for it, 404 for the rest. */
export function createRequestHandler<Context>(options: RequestHandlerOptions<Context>) {
  const { observer, tracer, connections } = options;
  const originOf = createOriginOf(options.trustedProxies);
  const vary = varyOf(options);
  const noteOrigin = createOriginNotes(options.corsOrigins, options.log);

  const handleSoon: HandleInTurn = (request, response, isOneTooMany) => {
    const startedAt = performance.now();
    atEndOfTick(() => handle(request, response, startedAt, isOneTooMany));
  };

  function handle(
    request: IncomingMessage,
    response: ServerResponse,
    startedAt: number,
    isOneTooMany: boolean,
  ): void {
    const connection = connections.of(request.socket);
    const { path, search } = splitTarget(request.url ?? '/');
    const requestId = requestIdOf(request.headers['x-request-id']);
    // Pages of other origins ask for data; the operator's routes are not for them.
    const isForPages = isForCallers(path);
    if (isForPages) noteOrigin(request.headers);
    const shared = isForPages ? { vary, ...corsHeaders(request.headers, options.corsOrigins) } : {};
    const commonHeaders = () => ({
      'x-request-id': requestId,
      ...shared,
      // While closing, connections must not be kept; what was sent ahead on them is answered first.
      ...(options.operator.lifecycle.state === 'draining' && !connection?.waiting.length
        ? { connection: 'close' }
        : {}),
    });
    const headers = sentHeaders(request.rawHeaders);
    const origin = originOf(request.socket, headers);
    const head = { method: request.method ?? 'GET', route: toRoute(path), requestId };
    const isTraced = head.route === '/graphql' && tracer !== undefined;
    const trace = isTraced ? tracer.start({ ...head, ...callersTrace(request) }) : null;
    const exchange: Exchange = {
      request,
      response,
      requestId,
      origin,
      sentHeaders: headers,
      search,
      commonHeaders,
      trace,
      operation: null,
    };
    if (connection !== undefined) connection.exchange = exchange;
    observer?.started();
    const ended = () => {
      if (connection?.exchange === exchange) connection.exchange = null;
      const { operation } = exchange;
      const durationMs = performance.now() - startedAt;
      const status = response.headersSent ? response.statusCode : null;
      const summary: RequestSummary = { ...head, status, durationMs, operation };
      observer?.ended(summary);
      trace?.end(summary);
      // Asked first: a line that nobody reads is not put together.
      if (options.log.isLevelEnabled?.('debug') === false) return;
      options.log.debug(toLogLine(summary, path, origin.client, trace?.traceId), 'request answered');
    };
    // The caller may have gone before there was time for it.
    if (response.destroyed || !request.socket.writable) {
      ended();
      return;
    }
    response.once('close', ended);
    if (isOneTooMany) {
      sendRefusal(exchange, sentAhead);
      return;
    }
    const answer = () => route(exchange, path, options);
    const answered = trace === null ? answer() : trace.run(answer);
    answered.catch((error: unknown) => {
      options.log.error({ requestId, err: error }, 'request failed');
      sendRefusal(exchange, internalError);
      // Headers that are out already cannot be taken back: cutting the connection is the only way to say so.
      if (!response.writableEnded) response.destroy();
    });
  }

  return (request: IncomingMessage, response: ServerResponse) =>
    connections.take(request, response, handleSoon);
}

const sentAhead: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many requests were sent ahead. Read the answers first, and send the rest again.',
  headers: { connection: 'close' },
  retryAfterSeconds: 2,
};

/** What answers of the endpoint differ by, beside what was asked: caches must tell these apart. */
function varyOf({
  callerHeaders,
  corsOrigins,
}: Pick<RequestHandlerOptions<never>, 'callerHeaders' | 'corsOrigins'>): string {
  const origin = corsOrigins.length === 0 ? [] : ['origin'];
  return ['accept', 'x-upstream-report', ...callerHeaders, ...origin].join(', ');
}

async function route<Context>(
  exchange: Exchange,
  path: string,
  options: RequestHandlerOptions<Context>,
): Promise<void> {
  const method = exchange.request.method ?? 'GET';
  const { host } = exchange.sentHeaders;
  const isHostMissing = host === undefined && exchange.request.httpVersion !== '1.0';
  if (isHostMissing || typeof host === 'object') return sendRefusal(exchange, notOneHost);
  // Under whatever name the provider knows this gateway: what it sends is signed.
  if (options.webhooks !== null && path.startsWith(webhookPrefix)) {
    return answerWebhook(exchange, path, options.webhooks);
  }
  if (!options.anyHostName && !isThisMachine(exchange.request.headers.host)) {
    return sendRefusal(exchange, misdirected);
  }
  if (path === '/graphql') {
    if (method === 'GET' || method === 'POST') return answerGraphQL(exchange, options.graphql);
    if (method === 'OPTIONS') return sendReply(exchange, optionsReply(exchange, graphqlMethods));
    return sendRefusal(exchange, otherMethod(method));
  }
  if (path === '/mcp' && options.mcp !== null) {
    if (method === 'OPTIONS') return sendReply(exchange, optionsReply(exchange, mcpMethods));
    return answerMcp(exchange, options.graphql, options.mcp);
  }
  if (options.tokenIssuer !== null && metadataPaths.includes(path)) {
    return sendReply(exchange, metadataReply(exchange, options.tokenIssuer));
  }
  if (options.answerExport !== null && path.startsWith(exportPrefix)) {
    return method === 'OPTIONS'
      ? sendReply(exchange, exportOptionsReply(exchange))
      : options.answerExport(exchange, path);
  }
  const file = path !== '/' || wantsHtml(exchange.request) ? await options.findFile(path) : null;
  if (file !== null) return sendFile(exchange, file);
  const text = path === '/' ? options.homePage() : null;
  const reply = text === null ? await operatorReply(method, path, options.operator) : homeReply(method, text);
  return reply === null ? sendPlainRefusal(exchange, notFound) : sendReply(exchange, reply);
}

/** Whether a browser asks for a page to look at. What takes anything, as curl does, gets the text. */
function wantsHtml({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return preferredMediaType(headers.accept ?? '', ['text/plain', 'text/html']) === 'text/html';
}

// What a browser gets here is another page.
function homeReply(method: string, text: string): Reply {
  return otherMethodReply(method) ?? textReply(200, text, { vary: 'accept, accept-encoding' });
}

function exportOptionsReply(exchange: Exchange): Reply {
  return optionsReply(exchange, 'GET, OPTIONS');
}

function optionsReply({ request, commonHeaders }: Exchange, methods: string): Reply {
  const preflight = preflightHeaders(request.headers, commonHeaders(), methods);
  return { status: 204, headers: { allow: methods, ...preflight } };
}

function isForCallers(path: string): boolean {
  return path === '/graphql' || path === '/mcp' || path.startsWith(exportPrefix);
}

const internalError: Refusal = { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Internal error' };

// Whoever is on the way may have gone by the other one (RFC 9112 section 3.2).
const notOneHost: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The header "Host" must be sent once.',
};

function otherMethod(method: string): Refusal {
  return {
    status: 405,
    code: 'BAD_REQUEST',
    message: `${method} is not supported here. Use GET or POST.`,
    headers: { allow: graphqlMethods },
  };
}

const notFound: Refusal = {
  status: 404,
  code: 'BAD_REQUEST',
  message: 'Not found. The GraphQL endpoint is /graphql.',
};
