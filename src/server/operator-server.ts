import { createServer } from 'node:http';
import { createAddressList } from '../domain/ip-address.ts';
import { createOriginOf } from './client-address.ts';
import type { ServerLog } from './contract.ts';
import { isThisMachine, misdirected } from './host-name.ts';
import { listen } from './listening.ts';
import { type OperatorRoutes, operatorReply } from './operator-routes.ts';
import { type Exchange, type Reply, refusalReply, sendReply, textReply } from './reply.ts';
import { requestIdOf } from './request-id.ts';
import { sentHeaders } from './sent-headers.ts';
import { serverLimits } from './server-limits.ts';

export interface OperatorServerOptions {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly routes: OperatorRoutes;
  readonly log: ServerLog;
  /** False refuses requests whose `Host` is not a name of this machine. */
  readonly anyHostName: boolean;
}

/** The server for operators, separate from the one for callers. */
export interface RunningOperatorServer {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Serves `/livez`, `/readyz` and `/metrics` on a separate port, from before the gateway is ready until it has stopped.
 * Rejects with `ListenError`.
 */
export async function startOperatorServer(options: OperatorServerOptions): Promise<RunningOperatorServer> {
  const { host, port, routes, log, anyHostName } = options;
  const originOf = createOriginOf(createAddressList([]));
  const { headersTimeoutMs, requestTimeoutMs, timeoutCheckMs, keepAliveTimeoutMs } = serverLimits;

  async function replyTo({ request, requestId }: Exchange): Promise<Reply> {
    if (!anyHostName && !isThisMachine(request.headers.host)) {
      return refusalReply(misdirected, request.headers.accept, requestId);
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    return (await operatorReply(request.method ?? 'GET', path, routes)) ?? notFound;
  }

  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    (request, response) => {
      const requestId = requestIdOf(request.headers['x-request-id']);
      const sent = sentHeaders(request.rawHeaders);
      const exchange: Exchange = {
        ...{ request, response, requestId, search: '', commonHeaders: () => ({}) },
        origin: originOf(request.socket, sent),
        ...{ sentHeaders: sent, trace: null, operation: null },
      };
      replyTo(exchange).then(
        (reply) => sendReply(exchange, reply),
        (error: unknown) => {
          log.error({ requestId, err: error }, 'request failed');
          sendReply(exchange, textReply(500, 'Internal error\n'));
        },
      );
    },
  );
  const origin = await listen(server, host, port, 'METRICS_PORT');
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // These requests only observe the gateway, so none has to finish.
        server.closeAllConnections();
      }),
  };
}

const notFound = textReply(404, 'Not found. Here are /livez, /readyz and /metrics.\n');
