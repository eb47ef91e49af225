import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { atEndOfTick, holdTick } from '../domain/end-of-tick.ts';
import { createAddressList } from '../domain/ip-address.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { createConnections } from './connections.ts';
import type { HttpServerOptions, RunningHttpServer } from './contract.ts';
import { createExportRoute } from './export/index.ts';
import { createLifecycle } from './lifecycle.ts';
import { listen } from './listening.ts';
import { createRequestHandler } from './request-handler.ts';
import { type ServerLimits, serverLimits } from './server-limits.ts';
import type { FindFile } from './static-file.ts';
import { createOpenStreams } from './streams/open-streams.ts';

/**
 * Serves GraphQL over HTTP on one address. Rejects with `ListenError` when it cannot listen there. A thin adapter over
 * node:http, which had the lowest cost per request of all servers measured (docs/dependencies.md).
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
    now,
  });
  options.onStreams?.(streams.report);
  const handleRequest = createRequestHandler({
    answerExport: exports && createExportRoute({ ...door, exports }),
    graphql: {
      ...door,
      apollo: options.apollo,
      createContext: options.createContext,
      responseCache: options.responseCache ?? null,
      bodyBytesMax: limits.bodyBytesMax,
      streams,
      delivery: { callbacks: options.callbacks ?? null, heartbeatMs: limits.heartbeatMs, now },
      corsOrigins,
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
      // The handler refuses these itself, in the form of all refusals.
      requireHostHeader: false,
    },
    handleRequest,
  );
  // Unknown expectations may be ignored (RFC 9110 section 10.1.1); Node would answer 417 without a body.
  server.on('checkExpectation', handleRequest);
  server.on('clientError', (error, socket: Socket) => {
    // After the requests of this turn, because one of them may be the broken one.
    atEndOfTick(() => answerBrokenRequest(error, socket, connections.of(socket)?.exchange ?? null));
  });
  server.timeout = limits.silenceTimeoutMs;
  /** Number of connections and requests so far. */
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
    // Not before `shutdownDelayMs` is over and load balancers send nothing here: callers that subscribe again would
    // come back.
    const streamsEnded = streams.completeAll();
    await untilQuiet(() => arrivals, limits.arrivalsTimeoutMs);
    const drained = drain(server, Math.max(1, endsAtMs - performance.now()), () => {
      options.log.warn({}, 'requests were cut off at shutdown');
    });
    connections.endUnused();
    await drained;
    // Subscriptions whose events are posted to routers hold no connection to this server.
    const timeLeftMs = Math.max(1, endsAtMs - performance.now());
    await Promise.race([streamsEnded, delay(timeLeftMs, undefined, { ref: false })]);
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

/** After this many checks without an arrival, nothing that was sent before listening ends is still on its way. */
const quietChecks = 5;
const checkMs = 2;

/**
 * Resolves when nothing arrives any more, or after `timeoutMs`. What was sent while the process was busy is still
 * queued in the operating system, new connections included, and closing the server would reset it.
 */
async function untilQuiet(arrivals: () => number, timeoutMs: number): Promise<void> {
  const endsAtMs = performance.now() + timeoutMs;
  let seen = arrivals();
  for (let checks = 0; checks < quietChecks && performance.now() < endsAtMs; checks++) {
    // At least one turn of the event loop, in which all available data is read and one connection is accepted.
    await delay(checkMs);
    if (arrivals() === seen) continue;
    seen = arrivals();
    checks = -1;
  }
}

function drain(server: Server, timeoutMs: number, onCutOff: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      onCutOff();
      server.closeAllConnections();
    }, timeoutMs);
    // Closes idle connections too; busy ones close after their answer, which says `connection: close`.
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
