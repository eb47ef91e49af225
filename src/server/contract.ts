import type { HeaderMap, HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import type { Caller } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { AddressList, RequestOrigin } from '../domain/ip-address.ts';
import type { Admission } from '../ports/admission.ts';
import type { TakeStreamPlace } from '../ports/event-stream.ts';
import type { Exports } from '../ports/export.ts';
import type { McpEndpoint } from '../ports/mcp-endpoint.ts';
import type { OperationFacts, RequestObserver, RequestTracer } from '../ports/request-telemetry.ts';
import type { ResponseBasis, ResponseCache } from '../ports/response-cache.ts';
import type { StreamsReport } from '../ports/streams-report.ts';
import type { Webhooks } from '../ports/webhook.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { MetricsText } from './operator-routes.ts';
import type { SentHeaders } from './sent-headers.ts';
import type { FindFile } from './static-file.ts';

/** What the context of one GraphQL request is made of. */
export interface IncomingRequest {
  /** Header names in lower case; values of repeated headers are joined by `, `. */
  readonly headers: HeaderMap;
  /** The caller's `x-request-id` when it is a harmless one, else a new UUID. */
  readonly requestId: string;
  /** Who is asking. */
  readonly caller: Caller;
  /** Aborts when the caller goes away before the answer is sent. */
  readonly signal: CancelSignal;
  /** Takes note of what the request turned out to be. */
  onOperation(facts: OperationFacts): void;
  /** To be told what an answer without errors was made of. */
  readonly onWhole: (basis: ResponseBasis) => void;
  /** To be told what the operation costs before it is executed; what it gives resolves when it may be. */
  readonly onCost: (cost: number) => Promise<void> | undefined;
  /** Takes a place for a stream of events; null where the caller takes none. */
  readonly takeStreamPlace: TakeStreamPlace | null;
}

/** The part of an Apollo Server that answers HTTP requests. */
export interface GraphQLHandler<Context> {
  executeHTTPGraphQLRequest(request: {
    httpGraphQLRequest: HTTPGraphQLRequest;
    context: () => Promise<Context>;
  }): Promise<HTTPGraphQLResponse>;
}

/** Finds out who is asking. */
export type Authenticate = (headers: SentHeaders, origin: RequestOrigin) => Promise<Caller>;

/** Lets a request of this caller in, or rejects. */
export type AdmitRequest = (caller: Caller, origin: RequestOrigin) => Promise<void>;

/** What a caller's requests are counted under. */
export type CallerKey = (caller: Caller, origin: RequestOrigin) => string;

/** Where the server reports what it does; a pino logger is one. */
export interface ServerLog {
  debug(details: object, message: string): void;
  /** Whether a line of that level is written at all; absent: each is. */
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
  /** Headers by which `authenticate` tells callers apart, names in lower case. None by default. */
  readonly callerHeaders?: readonly string[];
  /** Called after `authenticate`. Rejects with RATE_LIMITED (429). By default everybody is let in. */
  readonly admit?: AdmitRequest;
  /** Bounds the operations in progress. */
  readonly admission: Admission;
  readonly callerKey: CallerKey;
  /** Called once per GraphQL request, after its body was read. */
  readonly createContext: (request: IncomingRequest) => Promise<Context>;
  /** Answers that may be given again; null makes each anew. Default null. */
  readonly answers?: ResponseCache | null;
  /** What is asked for below `/export/`; null, the default, answers 404 there. */
  readonly exports?: Exports | null;
  readonly log: ServerLog;
  /** Plain text for `GET /`, made once the URL of `/graphql` is known; null answers 404 there. */
  readonly homePage?: ((graphqlUrl: string) => string) | null;
  /** Pages, scripts and styles; a page at `/` is what browsers get there in place of that text. None by default. */
  readonly files?: (graphqlUrl: string) => FindFile;
  /** Web origins whose pages may ask, for example `https://studio.apollographql.com`. None by default. */
  readonly corsOrigins?: readonly string[];
  /** Answers messages of the Model Context Protocol at `/mcp`; null, the default, answers 404 there. */
  readonly mcp?: McpEndpoint | null;
  /** Issuer of callers' tokens, told at `/.well-known/oauth-protected-resource`; null, the default, tells nothing. */
  readonly tokenIssuer?: string | null;
  /**
   * False refuses requests that are not addressed to a name of this machine (421): a web page whose host name was
   * made to point here must not read what this machine alone may. True by default.
   */
  readonly anyHostName?: boolean;
  /** Proxies whose `X-Forwarded-For` says who asks. None by default. */
  readonly trustedProxies?: AddressList;
  /** Takes what providers send to `/webhooks/`; null, the default, answers 404 there. */
  readonly webhooks?: Webhooks | null;
  readonly limits?: Partial<ServerLimits>;
  /** Subscriptions that may be open, all callers together. Default 10,000. */
  readonly streamsMax?: number;
  /** Subscriptions that one caller may have open; 0, the default, for no limit of its own. */
  readonly streamsPerCallerMax?: number;
  /** Told once how to ask for the state of the open subscriptions. */
  readonly onStreams?: (report: () => StreamsReport) => void;
  /** Epoch milliseconds; default the system's. */
  readonly now?: () => number;
  /** Shared with whoever else wants to know; default one of the server's own. */
  readonly lifecycle?: Lifecycle;
  /** What `/readyz` tells beside the state: plain data without anything secret. */
  readonly health?: () => object;
  /** The text of `/metrics`; null, the default, answers 404 there. */
  readonly metrics?: (() => Promise<MetricsText>) | null;
  readonly observer?: RequestObserver;
  /** Follows requests to `/graphql`. */
  readonly tracer?: RequestTracer;
  /** How long `/readyz` says 503 before connections are refused at shutdown. Default 0. */
  readonly shutdownDelayMs?: number;
}

/** Bounds on what a caller can occupy. */
export interface ServerLimits {
  /** Longest request body; a longer one gets 413. */
  readonly bodyBytesMax: number;
  /** Time for a request's headers to arrive; a slower one gets 408. */
  readonly headersTimeoutMs: number;
  /** Time for a whole request to arrive, its body included; a slower one gets 408. */
  readonly requestTimeoutMs: number;
  /** Time for an answer to leave once it was made: a caller who reads slower is cut off. */
  readonly answerTimeoutMs: number;
  /** Requests that callers may have sent ahead on connections with one in work, all together. */
  readonly sentAheadMax: number;
  /** How often these times are looked at. */
  readonly timeoutCheckMs: number;
  /** Time an idle connection is kept for its next request. */
  readonly keepAliveTimeoutMs: number;
  /** Time without a byte in either direction, waiting for the answer included, after which a connection is cut. */
  readonly silenceTimeoutMs: number;
  /** Longest time that connections are still taken once `close` was called, if they go on to come. */
  readonly arrivalsTimeoutMs: number;
  /** How often a stream says that it is alive when there is nothing else to say. */
  readonly heartbeatMs: number;
  /** Time running requests get to finish once `close` was called and `shutdownDelayMs` is over. */
  readonly drainTimeoutMs: number;
}

export const serverLimits: ServerLimits = {
  bodyBytesMax: 1_048_576,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  answerTimeoutMs: 30_000,
  sentAheadMax: 250,
  timeoutCheckMs: 2_000,
  // Longer than the 60 s of common load balancers: the side that reuses a connection must give up on it first.
  keepAliveTimeoutMs: 65_000,
  // Longer than the longest REQUEST_TIMEOUT_MS: cuts callers who do not read their answer, not those who wait for it.
  silenceTimeoutMs: 150_000,
  arrivalsTimeoutMs: 10_000,
  // Shorter than the shortest common time limit for silence, nginx's 60 s, and Apollo's own clients' wait.
  heartbeatMs: 10_000,
  drainTimeoutMs: 15_000,
};

/** A server that listens. */
export interface RunningHttpServer {
  /** For example `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** The GraphQL endpoint. */
  readonly url: string;
  /**
   * After `shutdownDelayMs` takes no new connection, lets running requests finish for `drainTimeoutMs` and then ends
   * them (their signals abort). Resolves when the last connection is closed. Calling it again changes nothing.
   */
  close(): Promise<void>;
}
