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
  methodNotAllowed,
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
  /** Answers requests below `/export/`; null answers 404 there. */
  readonly answerExport: ((exchange: Exchange, path: string) => Promise<void>) | null;
  /** Null answers 404 below `/webhooks/`. */
  readonly webhooks: WebhookRoute | null;
  readonly graphql: GraphQLRoute<Context>;
  readonly connections: Connections;
  readonly log: ServerLog;
  /** Plain text for `GET /`; null answers 404 there. */
  readonly homePage: () => string | null;
  /** Pages, scripts and styles. Browsers get the page at `/` instead of the text. */
  readonly findFile: FindFile;
  readonly corsOrigins: readonly string[];
  /** Null answers 404 at `/mcp`. */
  readonly mcp: McpRoute | null;
  /** Issuer of the tokens that callers need; null when they need none. */
  readonly tokenIssuer: string | null;
  /** Headers that identify callers. */
  readonly callerHeaders: readonly string[];
  readonly anyHostName: boolean;
  readonly trustedProxies: AddressList;
  readonly operator: OperatorRoutes;
  readonly observer: RequestObserver | undefined;
  readonly tracer: RequestTracer | undefined;
}

const graphqlMethods = 'GET, POST, OPTIONS';

/** Answers every request: `/graphql` and the other routes for callers, the operator's routes, and 404 for the rest. */
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
    // Pages of other origins read data; the operator's routes are not for them.
    const isForPages = isForCallers(path);
    if (isForPages) noteOrigin(request.headers);
    const shared = isForPages ? { vary, ...corsHeaders(request.headers, options.corsOrigins) } : {};
    const commonHeaders = () => ({
      'x-request-id': requestId,
      ...shared,
      // While draining, connections must not be kept; pipelined requests are answered first.
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
      // Checked first, so that a line that is not logged is not built.
      if (options.log.isLevelEnabled?.('debug') === false) return;
      options.log.debug(toLogLine(summary, path, origin.client, trace?.traceId), 'request answered');
    };
    // The caller may have disconnected while the request was waiting.
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
      // Headers that were sent cannot be taken back, so closing the connection is the only way to report the error.
      if (!response.writableEnded) response.destroy();
    });
  }

  return (request: IncomingMessage, response: ServerResponse) =>
    connections.take(request, response, handleSoon);
}

const sentAhead: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many requests were pipelined. Read the answers first, then send the rest again.',
  headers: { connection: 'close' },
  retryAfterSeconds: 2,
};

/** What answers of the endpoint depend on besides the request itself, so that caches keep them apart. */
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
  // Before the host check, because a provider may know this gateway under any name, and what it sends is signed.
  if (options.webhooks !== null && path.startsWith(webhookPrefix)) {
    return answerWebhook(exchange, path, options.webhooks, options.graphql.admission);
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

/** Whether a browser requests a page. Clients that accept anything, such as curl, get the text. */
function wantsHtml({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return preferredMediaType(headers.accept ?? '', ['text/plain', 'text/html']) === 'text/html';
}

// Varies, because browsers get another page here.
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

// A proxy on the way may have routed by the other one (RFC 9112 section 3.2).
const notOneHost: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The header "Host" must be sent once.',
};

function otherMethod(method: string): Refusal {
  return methodNotAllowed(graphqlMethods, `${method} is not supported here. Use GET or POST.`);
}

const notFound: Refusal = {
  status: 404,
  code: 'BAD_REQUEST',
  message: 'Not found. The GraphQL endpoint is /graphql.',
};
