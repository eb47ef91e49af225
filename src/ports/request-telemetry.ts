/** What a GraphQL request turned out to be. */
export interface OperationFacts {
  /** What the caller called it, cut short; null for one without a name, or one that was not understood. */
  readonly name: string | null;
  /** The name where few are told apart: metrics, names of spans. See `OperationLabels`. */
  readonly label: string;
  /** Null for one that was not understood. */
  readonly type: 'query' | 'mutation' | 'subscription' | null;
  /** `REFUSED`: nothing was executed. `PARTIAL`: there is data, and errors. */
  readonly outcome: 'COMPLETE' | 'PARTIAL' | 'FAILED' | 'REFUSED';
  /** Codes of its errors, each once, in the order of the answer. */
  readonly codes: readonly string[];
  /** Upstream calls made for it, token calls left out. */
  readonly upstreamCalls: number;
  /** The answer before was given again: all it was made of still held. */
  readonly isRepeated?: boolean;
}

/** The routes of the server; whatever else is asked for is `other`. */
export type Route = '/graphql' | '/livez' | '/readyz' | '/metrics' | '/' | 'other';

/** A request once it has been answered, or its caller has gone. */
export interface RequestSummary {
  readonly requestId: string;
  /** As it was sent. */
  readonly method: string;
  readonly route: Route;
  /** Null: the caller went away before there was an answer. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Null for anything but an answer of GraphQL. */
  readonly operation: OperationFacts | null;
}

/** Counts requests. Never throws. */
export interface RequestObserver {
  started(): void;
  ended(summary: RequestSummary): void;
}

/** A request as it arrives. */
export interface RequestHead {
  readonly method: string;
  readonly route: Route;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

/** Makes traces of requests. */
export interface RequestTracer {
  /** Begins the trace of a request, or goes on with the caller's. */
  start(head: RequestHead): RequestTrace;
}

/** The trace of one request. */
export interface RequestTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Runs what answers the request, so that what is traced meanwhile belongs to it. */
  run<T>(answer: () => Promise<T>): Promise<T>;
  /** Runs the GraphQL part of it. `facts` is asked when it has ended. */
  runOperation<T>(execute: () => Promise<T>, facts: () => OperationFacts | null): Promise<T>;
  end(summary: RequestSummary): void;
}
