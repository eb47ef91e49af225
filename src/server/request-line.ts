import type { IncomingMessage } from 'node:http';
import type { OperationFacts, RequestSummary, Route } from '../ports/request-telemetry.ts';

const routes: readonly Route[] = ['/graphql', '/mcp', '/livez', '/readyz', '/metrics', '/'];
const pathLengthMax = 200;

/** Which route a path is of. */
export function toRoute(path: string): Route {
  if (path.startsWith('/export/')) return '/export';
  return routes.find((route) => route === path) ?? 'other';
}

/** What the log says of a request: no query, no variables, no header. */
export function toLogLine(
  summary: RequestSummary,
  path: string,
  client: string | null,
  traceId: string | undefined,
): object {
  const { requestId, method, status, durationMs, operation } = summary;
  return {
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    client,
    method,
    path: path.slice(0, pathLengthMax),
    status,
    durationMs: Math.round(durationMs),
    ...(operation === null ? {} : toOperationLine(operation)),
  };
}

function toOperationLine({ name, type, outcome, codes, upstreamCalls, isRepeated = false }: OperationFacts) {
  return {
    operation: name,
    type,
    outcome,
    ...(codes.length === 0 ? {} : { codes }),
    upstreamCalls,
    ...(isRepeated ? { isRepeated } : {}),
  };
}

/** The trace that a caller says its request belongs to. */
export function callersTrace({ headers }: IncomingMessage) {
  const { traceparent, tracestate } = headers;
  return {
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    tracestate: typeof tracestate === 'string' ? tracestate : undefined,
  };
}
