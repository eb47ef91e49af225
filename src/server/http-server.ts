import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { atEndOfTick, holdTick } from '../domain/end-of-tick.ts';
import { createAddressList } from '../domain/ip-address.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { createConnections } from './connections.ts';
import {
  type HttpServerOptions,
  type RunningHttpServer,
  type ServerLimits,
  serverLimits,
} from './contract.ts';
import { createExportRoute } from './export/index.ts';
import { createLifecycle } from './lifecycle.ts';
import { listen } from './listening.ts';
import { createRequestHandler } from './request-handler.ts';
import type { FindFile } from './static-file.ts';
import { createOpenStreams } from './streams/open-streams.ts';

/**
 * Serves GraphQL over HTTP on one address. Rejects with `ListenError` when the address cannot be listened on.
 * A thin adapter over node:http: the lowest cost per request of all that were measured (docs/dependencies.md).
 */
export async function startHttpServer<Context>(
  options: HttpServerOptions<Context>,
): Promise<RunningHttpServer> {
  const limits: ServerLimits = { ...serverLimits, ...options.limits };
  const { lifecycle = createLifecycle(), shutdownDelayMs = 0 } = options;
  const { corsOrigins = [], tokenIssuer = null } = options;
  let homePage: string | null = null;
  let findFile: FindFile = async () => null;
  const connections = createConnections(limits);
  const door = {
    authenticate: options.authenticate,
    admit: options.admit ?? (async () => {}),
    admission: options.admission,
    callerKey: options.callerKey,
  };
  const { exports = null, now = Date.now } = options;
  const streams = createOpenStreams({
    streamsMax: options.streamsMax ?? streamsMaxDefault,
    streamsPerCallerMax: options.streamsPerCallerMax ?? 0,
    heartbeatMs: limits.heartbeatMs,
    now,
  });
  options.onStreams?.(streams.report);
  const handleRequest = createRequestHandler({
    answerExport: exports && createExportRoute({ ...door, exports }),
    graphql: {
      ...door,
      apollo: options.apollo,
      createContext: options.createContext,
      answers: options.answers ?? null,
      bodyBytesMax: limits.bodyBytesMax,
      streams,
      corsOrigins,
      now,
    },
    webhooks: options.webhooks ? { webhooks: options.webhooks, now } : null,
    connections,
    log: options.log,
    homePage: () => homePage,
    findFile: (path) => findFile(path),
    corsOrigins,
    mcp: options.mcp ? { endpoint: options.mcp, corsOrigins, hasMetadata: tokenIssuer !== null } : null,
    tokenIssuer,
    callerHeaders: options.callerHeaders ?? [],
    anyHostName: options.anyHostName ?? true,
    trustedProxies: options.trustedProxies ?? createAddressList([]),
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
    atEndOfTick(() => answerBrokenRequest(error, socket, connections.of(socket)?.exchange ?? null));
  });
  server.timeout = limits.silenceTimeoutMs;
  /** Connections and requests so far. */
  let arrivals = 0;
  server.on('request', () => {
    arrivals += 1;
  });
  server.on('connection', (socket) => {
    holdTick();
    arrivals += 1;
    connections.open(socket);
  });
  const origin = await listen(server, options.host, options.port, 'PORT');
  const url = `${origin}/graphql`;
  homePage = options.homePage?.(url) ?? null;
  findFile = options.files?.(url) ?? findFile;

  async function close(): Promise<void> {
    lifecycle.drain();
    if (shutdownDelayMs > 0) await delay(shutdownDelayMs);
    const endsAtMs = performance.now() + limits.drainTimeoutMs;
    // Not before others have been told to stop asking here: whoever subscribes again would come back.
    streams.completeAll();
    await untilCalm(() => arrivals, limits.arrivalsTimeoutMs);
    const drained = drain(server, Math.max(1, endsAtMs - performance.now()), () => {
      options.log.warn({}, 'requests were cut off at shutdown');
    });
    connections.endUnused();
    await drained;
    connections.stop();
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

const streamsMaxDefault = 10_000;

/** What comes this close together came before the listening ends. */
const calmLooks = 5;
const lookMs = 2;

/**
 * Resolves when nothing arrives any more, or after `timeoutMs`. What was sent while the process was busy is still with
 * the system, connections included: to close then would reset it.
 */
async function untilCalm(arrivals: () => number, timeoutMs: number): Promise<void> {
  const endsAtMs = performance.now() + timeoutMs;
  let seen = arrivals();
  for (let looks = 0; looks < calmLooks && performance.now() < endsAtMs; looks++) {
    // A turn of the event loop at least, in which everything that is there is read and one connection is let in.
    await delay(lookMs);
    if (arrivals() === seen) continue;
    seen = arrivals();
    looks = -1;
  }
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
