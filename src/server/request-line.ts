import type { IncomingMessage } from 'node:http';
import type { OperationFacts, RequestSummary, Route } from '../ports/request-telemetry.ts';

const routes: readonly Route[] = ['/graphql', '/mcp', '/livez', '/readyz', '/metrics', '/'];
const pathLengthMax = 200;

/** The route that a path belongs to. */
export function toRoute(path: string): Route {
  if (path.startsWith('/export/')) return '/export';
  if (path.startsWith('/webhooks/')) return '/webhooks';
  return routes.find((route) => route === path) ?? 'other';
}

/** The log line of a request: no query, no variables, no header. */
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

/** The trace context that a caller sent. */
export function callersTrace({ headers }: IncomingMessage) {
  const { traceparent, tracestate } = headers;
  return {
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    tracestate: typeof tracestate === 'string' ? tracestate : undefined,
  };
}

/**
 * Splits a request target into path and query. It is nearly always "/path?query"; proxies may send an absolute URL, and
 * `OPTIONS` may send "*".
 */
export function splitTarget(target: string): { path: string; search: string } {
  const relative = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?]*/i, '');
  const searchAt = relative.indexOf('?');
  if (searchAt < 0) return { path: relative, search: '' };
  return { path: relative.slice(0, searchAt), search: relative.slice(searchAt) };
}
