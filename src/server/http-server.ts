import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { atEndOfTurn } from '../domain/end-of-turn.ts';
import { createAddressList } from '../domain/ip-address.ts';
import { answerBrokenRequest } from './broken-request.ts';
import {
  type HtmlPage,
  type HttpServerOptions,
  type RunningHttpServer,
  type ServerLimits,
  serverLimits,
} from './contract.ts';
import { createLifecycle } from './lifecycle.ts';
import { listen } from './listening.ts';
import type { Exchange } from './reply.ts';
import { createRequestHandler } from './request-handler.ts';

/**
 * Serves GraphQL over HTTP on one address. Rejects with `ListenError` when the address cannot be listened on.
 * A thin adapter over node:http: the lowest cost per request of all that were measured (docs/dependencies.md).
 */
export async function startHttpServer<Context>(
  options: HttpServerOptions<Context>,
): Promise<RunningHttpServer> {
  const limits: ServerLimits = { ...serverLimits, ...options.limits };
  const { lifecycle = createLifecycle(), shutdownDelayMs = 0 } = options;
  let homePage: string | null = null;
  let explorer: (() => Promise<HtmlPage>) | null = null;
  const underWay = new WeakMap<Socket, Exchange>();
  const handleRequest = createRequestHandler({
    graphql: {
      apollo: options.apollo,
      authenticate: options.authenticate,
      admit: options.admit ?? (async () => {}),
      createContext: options.createContext,
      answers: options.answers ?? null,
      bodyBytesMax: limits.bodyBytesMax,
    },
    log: options.log,
    homePage: () => homePage,
    explorer: () => explorer,
    corsOrigins: options.corsOrigins ?? [],
    callerHeaders: options.callerHeaders ?? [],
    anyHostName: options.anyHostName ?? true,
    trustedProxies: options.trustedProxies ?? createAddressList([]),
    underWay,
    observer: options.observer,
    tracer: options.tracer,
    operator: { lifecycle, health: options.health ?? (() => ({})), metrics: options.metrics ?? null },
  });
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      // Said by the handler, in the form of all refusals.
      requireHostHeader: false,
    },
    handleRequest,
  );
  // An expectation that nobody knows may be passed over (RFC 9110 section 10.1.1); Node would send 417 without a body.
  server.on('checkExpectation', handleRequest);
  server.on('clientError', (error, socket: Socket) => {
    // Behind the requests of this turn: one of them may be what is broken.
    atEndOfTurn(() => answerBrokenRequest(error, socket, underWay.get(socket)));
  });
  server.timeout = limits.silenceTimeoutMs;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const origin = await listen(server, options.host, options.port, 'PORT');
  const url = `${origin}/graphql`;
  homePage = options.homePage?.(url) ?? null;
  explorer = options.explorer?.(url) ?? null;

  async function close(): Promise<void> {
    lifecycle.drain();
    if (shutdownDelayMs > 0) await delay(shutdownDelayMs);
    const drained = drain(server, limits.drainTimeoutMs, () => {
      options.log.warn({}, 'requests were cut off at shutdown');
    });
    // Node counts a connection that has not sent a byte as busy.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    return drained;
  }

  lifecycle.ready();
  let closed: Promise<void> | null = null;
  return {
    origin,
    url,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function drain(server: Server, timeoutMs: number, onCutOff: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      onCutOff();
      server.closeAllConnections();
    }, timeoutMs);
    // Closes idle connections too; busy ones close with their answer, which says `connection: close`.
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
