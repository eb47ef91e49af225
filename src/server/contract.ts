import type { HeaderMap, HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import type { Caller } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { AddressList, RequestOrigin } from '../domain/ip-address.ts';
import type { Admission } from '../ports/admission.ts';
import type { ReserveStream } from '../ports/event-stream.ts';
import type { Exports } from '../ports/export.ts';
import type { McpEndpoint } from '../ports/mcp-endpoint.ts';
import type { OperationFacts, RequestObserver, RequestTracer } from '../ports/request-telemetry.ts';
import type { ResponseBasis, ResponseCache } from '../ports/response-cache.ts';
import type { StreamsReport } from '../ports/streams-report.ts';
import type { SubscriptionCallbacks } from '../ports/subscription-callbacks.ts';
import type { Webhooks } from '../ports/webhook.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { MetricsText } from './operator-routes.ts';
import type { SentHeaders } from './sent-headers.ts';
import type { ServerLimits } from './server-limits.ts';
import type { FindFile } from './static-file.ts';

/** What the context of one GraphQL request is created from. */
export interface IncomingRequest {
  /** Header names in lower case; values of repeated headers are joined by `, `. */
  readonly headers: HeaderMap;
  /** The caller's `x-request-id` if it is harmless, else a new UUID. */
  readonly requestId: string;
  /** Who sent the request. */
  readonly caller: Caller;
  /** Aborts when the caller disconnects before the answer is sent. */
  readonly signal: CancelSignal;
  /** Called with the operation's facts once the request has been handled. */
  onOperation(facts: OperationFacts): void;
  /** Called with the reads behind an answer that has no errors. */
  readonly onCompleteAnswer: (basis: ResponseBasis) => void;
  /** Called with the operation's cost before execution. The operation waits until the returned promise resolves. */
  readonly onCost: (cost: number) => Promise<void> | undefined;
  /** Reserves a slot for an event stream; null when the caller does not accept a stream. */
  readonly reserveStream: ReserveStream | null;
}

/** The part of an Apollo Server that answers HTTP requests. */
export interface GraphQLHandler<Context> {
  executeHTTPGraphQLRequest(request: {
    httpGraphQLRequest: HTTPGraphQLRequest;
    context: () => Promise<Context>;
  }): Promise<HTTPGraphQLResponse>;
}

/** Identifies the caller. */
export type Authenticate = (headers: SentHeaders, origin: RequestOrigin) => Promise<Caller>;

/** Admits a request of this caller, or rejects. */
export type AdmitRequest = (caller: Caller, origin: RequestOrigin) => Promise<void>;

/** The key that a caller's requests are counted under. */
export type CallerKey = (caller: Caller, origin: RequestOrigin) => string;

/** The server's log; a pino logger fits. */
export interface ServerLog {
  debug(details: object, message: string): void;
  /** Whether lines of that level are written; without this function they all are. */
  isLevelEnabled?(level: 'debug'): boolean;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface HttpServerOptions<Context> {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly apollo: GraphQLHandler<Context>;
  /**
   * Called once per GraphQL request, before its body is read. Rejects with `Failure` UNAUTHENTICATED (401),
   * FORBIDDEN (403), RATE_LIMITED (429) or UPSTREAM_UNAVAILABLE (503).
   */
  readonly authenticate: Authenticate;
  /** Headers that identify callers for `authenticate`, in lower case. None by default. */
  readonly callerHeaders?: readonly string[];
  /** Called after `authenticate`. Rejects with RATE_LIMITED (429). By default all are admitted. */
  readonly admit?: AdmitRequest;
  /** Bounds the operations in progress. */
  readonly admission: Admission;
  readonly callerKey: CallerKey;
  /** Called once per GraphQL request, after its body has been read. */
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  /** The response cache; null, the default, executes every request. */
  readonly responseCache?: ResponseCache | null;
  /** The exports below `/export/`; null, the default, answers 404 there. */
  readonly exports?: Exports | null;
  readonly log: ServerLog;
  /** Plain text for `GET /`, created once the URL of `/graphql` is known; null answers 404 there. */
  readonly homePage?: ((graphqlUrl: string) => string) | null;
  /** Pages, scripts and styles; browsers get a page at `/` instead of that text. None by default. */
  readonly files?: (graphqlUrl: string) => FindFile;
  /** Web origins whose pages may send requests, for example `https://studio.apollographql.com`. None by default. */
  readonly corsOrigins?: readonly string[];
  /** Answers messages of the Model Context Protocol at `/mcp`; null, the default, answers 404 there. */
  readonly mcp?: McpEndpoint | null;
  /**
   * Issuer of callers' tokens, published at `/.well-known/oauth-protected-resource`; null, the default, publishes
   * nothing.
   */
  readonly tokenIssuer?: string | null;
  /**
   * False refuses requests whose `Host` is not a name of this machine (421), so that a web page whose host name was
   * made to resolve to this machine cannot read what only this machine may. True by default.
   */
  readonly anyHostName?: boolean;
  /** Proxies whose `X-Forwarded-For` names the caller. None by default. */
  readonly trustedProxies?: AddressList;
  /** The webhooks below `/webhooks/`; null, the default, answers 404 there. */
  readonly webhooks?: Webhooks | null;
  readonly limits?: Partial<ServerLimits>;
  /** Subscriptions that may be open, for all callers together. Default 10,000. */
  readonly streamsMax?: number;
  /** Subscriptions that one caller may have open; 0, the default, for no separate limit. */
  readonly streamsPerCallerMax?: number;
  /** Posts events to routers; null, the default, refuses subscriptions that ask for it. */
  readonly callbacks?: SubscriptionCallbacks | null;
  /** Called once, with a function that reports the open subscriptions. */
  readonly onStreams?: (report: () => StreamsReport) => void;
  /** Epoch milliseconds; the system clock by default. */
  readonly now?: () => number;
  /** Shared with other parts of the process; by default the server creates its own. */
  readonly lifecycle?: Lifecycle;
  /** Details of `/readyz` besides the state: plain data without secrets. */
  readonly health?: () => object;
  /** The text of `/metrics`; null, the default, answers 404 there. */
  readonly metrics?: (() => Promise<MetricsText>) | null;
  readonly observer?: RequestObserver;
  /** Traces requests to `/graphql`. */
  readonly tracer?: RequestTracer;
  /** How long `/readyz` answers 503 at shutdown before connections are refused. Default 0. */
  readonly shutdownDelayMs?: number;
}

/** A listening server. */
export interface RunningHttpServer {
  /** For example `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** The GraphQL endpoint. */
  readonly url: string;
  /**
   * Accepts no new connection once `shutdownDelayMs` is over, lets running requests finish for `drainTimeoutMs`, and
   * then ends them (their signals abort). Resolves when the last connection is closed. Further calls have no effect.
   */
  close(): Promise<void>;
}
