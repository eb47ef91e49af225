/** What is known about a GraphQL request once it was executed or refused. */
export interface OperationFacts {
  /** The operation name, truncated; null when it has none or the document could not be parsed. */
  readonly name: string | null;
  /** The name for metrics and spans, which must have few values. See `OperationLabels`. */
  readonly label: string;
  /** Null when the document could not be parsed. */
  readonly type: 'query' | 'mutation' | 'subscription' | null;
  /** `REFUSED`: nothing was executed. `PARTIAL`: data and errors. */
  readonly outcome: 'COMPLETE' | 'PARTIAL' | 'FAILED' | 'REFUSED';
  /** Distinct error codes, in the order of the response. */
  readonly codes: readonly string[];
  /** Upstream calls made for it, without token calls. */
  readonly upstreamCalls: number;
  /** The subject of the caller that the calls are charged to; for metrics, which distinguish few callers. */
  readonly caller?: string;
  /** Age of the oldest read in the response, in milliseconds; null if nothing was read. */
  readonly oldestReadMs?: number | null;
  /** True when the response came from the response cache. */
  readonly isRepeated?: boolean;
}

/** The routes of the server, `/export` and `/webhooks` for all below them; every other path is `other`. */
export type Route =
  | '/graphql'
  | '/mcp'
  | '/export'
  | '/webhooks'
  | '/livez'
  | '/readyz'
  | '/metrics'
  | '/'
  | 'other';

/** A request after its response was sent or its caller disconnected. */
export interface RequestSummary {
  readonly requestId: string;
  /** The HTTP method as it was sent. */
  readonly method: string;
  readonly route: Route;
  /** Null when the caller disconnected before there was a response. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Null for everything but a GraphQL response. */
  readonly operation: OperationFacts | null;
}

/** Counts requests. Never throws. */
export interface RequestObserver {
  started(): void;
  ended(summary: RequestSummary): void;
}

/** A request on arrival. */
export interface RequestHead {
  readonly method: string;
  readonly route: Route;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

/** Creates traces of requests. */
export interface RequestTracer {
  /** Starts the trace of a request, or continues the caller's. */
  start(head: RequestHead): RequestTrace;
}

/** The trace of one request. */
export interface RequestTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Runs the request handler in the context of this trace. */
  run<T>(answer: () => Promise<T>): Promise<T>;
  /** Runs the GraphQL part of the request; `facts` is called when that has ended. */
  runOperation<T>(execute: () => Promise<T>, facts: () => OperationFacts | null): Promise<T>;
  end(summary: RequestSummary): void;
}
