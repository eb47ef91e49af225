import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAddressList } from '../domain/ip-address.ts';
import {
  type HtmlPage,
  type HttpServerOptions,
  type RunningHttpServer,
  type ServerLimits,
  serverLimits,
} from './contract.ts';
import { toListenError } from './listen-error.ts';
import { createRequestHandler } from './request-handler.ts';

/**
 * Serves GraphQL over HTTP on one address. Rejects with `ListenError` when the address cannot be listened on.
 * A thin adapter over node:http: the lowest cost per request of all that were measured (docs/dependencies.md).
 */
export async function startHttpServer<Context>(
  options: HttpServerOptions<Context>,
): Promise<RunningHttpServer> {
  const limits: ServerLimits = { ...serverLimits, ...options.limits };
  let isDraining = false;
  let homePage: string | null = null;
  let explorer: (() => Promise<HtmlPage>) | null = null;
  const handleRequest = createRequestHandler({
    graphql: {
      apollo: options.apollo,
      authenticate: options.authenticate,
      admit: options.admit ?? (async () => {}),
      createContext: options.createContext,
      bodyBytesMax: limits.bodyBytesMax,
    },
    log: options.log,
    homePage: () => homePage,
    explorer: () => explorer,
    corsOrigins: options.corsOrigins ?? [],
    anyHostName: options.anyHostName ?? true,
    trustedProxies: options.trustedProxies ?? createAddressList([]),
    isDraining: () => isDraining,
  });
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
    },
    handleRequest,
  );
  server.timeout = limits.silenceTimeoutMs;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, options.host, options.port);
  const origin = originOf(server.address() as AddressInfo);
  const url = `${origin}/graphql`;
  homePage = options.homePage?.(url) ?? null;
  explorer = options.explorer?.(url) ?? null;

  let closed: Promise<void> | null = null;
  return {
    origin,
    url,
    close() {
      isDraining = true;
      closed ??= drain(server, limits.drainTimeoutMs, () => {
        options.log.warn({}, 'requests were cut off at shutdown');
      });
      // Node counts a connection that has not sent a byte as busy.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      return closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, host, port)));
    server.listen({ host, port }, resolve);
  });
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

/** Origin to open in a browser; addresses that mean "every interface" are shown as this machine. */
function originOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://localhost:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
