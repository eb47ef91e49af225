import type { AccountGrant, Caller } from '../domain/caller.ts';
import type { QueryLimits } from '../domain/query-limits.ts';
import type { RedisServer } from '../domain/redis-server.ts';
import type { Ledger } from '../domain/vocabulary.ts';
import type { ProviderSources } from './providers.ts';

/** The parsed configuration of the process. */
export interface Config extends ProviderSources {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Time limit of one GraphQL request, including waits for providers. */
  readonly requestTimeoutMs: number;
  readonly upstreamCallsPerOperationMax: number;
  /** Most operations that run at the same time, for all callers. */
  readonly concurrentOperationsMax: number;
  /** HTTP client for calls to providers (docs/adr/0007-reads-over-undici.md). */
  readonly upstreamHttpClient: UpstreamHttpClient;
  /** Most connections to one provider; further calls wait for one. */
  readonly upstreamConnectionsMax: number;
  /** Limits of one operation. */
  readonly queryLimits: QueryLimits;
  /** Null when the cursor key is derived from the credentials, see `deriveCursorKey`. */
  readonly cursorSecret: string | null;
  /** Whether browsers get the dashboard at `/`. */
  readonly dashboard: boolean;
  /** Whether browsers get an explorer at `/explorer`, and at `/` without a dashboard. */
  readonly explorer: boolean;
  /** Whether callers may introspect the schema. If not, error messages contain no suggestions either. */
  readonly introspection: boolean;
  /** The Model Context Protocol at `/mcp`; null when it is off. */
  readonly mcp: McpSettings | null;
  /** Whether frequent operations are compiled. */
  readonly compiledExecution: boolean;
  /** Allowed CORS origins; null for Apollo Sandbox if all data is invented, else for none. */
  readonly corsOrigins: readonly string[] | null;
  /** Whether the `Host` header may be any name, or only a name of this machine. */
  readonly anyHostName: boolean;
  /** Scope in `Cache-Control`; `public`, for shared caches, only without authentication. */
  readonly cacheScope: 'private' | 'public';
  readonly auth: AuthConfig;
  readonly rates: RateSettings;
  readonly persisted: PersistedOperations;
  /** Addresses and networks whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  /** Where `/metrics` is served; null when it is off. */
  readonly metrics: MetricsSettings | null;
  /** Tracing; null when it is off. */
  readonly traces: TracesSettings | null;
  /** How long `/readyz` answers 503 at shutdown before connections are refused. */
  readonly shutdownDelayMs: number;
  readonly cache: CacheSettings;
  /** How often lists are polled while a subscription watches them. */
  readonly live: LiveSettings;
  /** How many subscriptions may be open. */
  readonly streams: StreamSettings;
  /** Hosts, some with a port, of routers that events of subscriptions may be posted to. */
  readonly callbackHosts: readonly string[];
  readonly webhooks: WebhookSettings;
  /** Whether the data of embedded sandboxes change by themselves; null for the command to decide. */
  readonly sandboxActivity: boolean | null;
  /** Where balance readings are stored; null when none are. */
  readonly history: HistorySettings | null;
  /** The Redis in which replicas share tokens, budgets and cached reads; null for none. May contain a password. */
  readonly redis: RedisServer | null;
  /** How many replicas share the Redis; null when the operator has not configured it. */
  readonly replicas: number | null;
  /** Longest wait for Redis by commands that can be skipped. */
  readonly redisTimeoutMs: number;
}

/** What agents may do. */
export interface McpSettings {
  /** Whether they may run their own operations, and not only those of the tools. */
  readonly anyOperation: boolean;
}

/** For how long reads are cached, in seconds (0: not at all), and the size of the cache. */
export interface CacheSettings {
  readonly balanceMaxAgeSeconds: number;
  readonly transactionMaxAgeSeconds: number;
  readonly accountMaxAgeSeconds: number;
  readonly exchangeRateMaxAgeSeconds: number;
  /** Largest age of a read that may be served stale while a provider cannot be called. */
  readonly staleMaxAgeSeconds: number;
  /** How long callers wait, while a provider or Redis is failing, before an earlier read is served instead. */
  readonly staleAfterMs: number;
  readonly bytesMax: number;
}

/** How often lists are polled while a subscription watches them. */
export interface LiveSettings {
  /** Share of a provider's calls per minute that these reads may use, 0 to 1. */
  readonly budgetShare: number;
  /** Shortest time between two reads of a list. */
  readonly intervalMinMs: number;
}

/** How many subscriptions may be open at the same time. */
export interface StreamSettings {
  readonly streamsMax: number;
  /** For one caller; 0 for no limit. */
  readonly streamsPerCallerMax: number;
}

/** The secrets and keys that prove which provider sent a webhook. */
export interface WebhookSettings {
  /** Null to accept no webhooks of UQPAY. */
  readonly uqpaySecret: string | null;
  readonly ibaneraSecret: string | null;
  /** PEM; empty to accept no webhooks of NOAH. */
  readonly noahPublicKeys: readonly string[];
}

/** Balance readings that are stored. */
export interface HistorySettings {
  /** `sqlite:` and a path, or a `postgres:` URL; may contain a password. */
  readonly url: string;
  /** Days for which readings are stored. */
  readonly days: number;
  readonly samples: readonly HistorySample[];
}

/** Balances that are read at an interval, whether or not a caller asks for them. */
export interface HistorySample {
  readonly text: string;
  readonly accounts: AccountGrant;
  /** Null for all ledgers that have balances. */
  readonly ledgers: readonly Ledger[] | null;
  readonly everyMs: number;
}

/** Rate limits of callers. */
export interface RateSettings {
  /** Requests per minute of one caller; 0 for no limit. */
  readonly requestsPerMinute: number;
  /** Different invalid credentials that one address may try per minute; 0 for no limit. */
  readonly failedCredentialsPerMinute: number;
}

/** Persisted operations: whether callers may or must send hashes. */
export type PersistedOperations =
  /** Any document may run. With `apq` (automatic persisted queries) it can be sent by hash once it was sent in full. */
  | { readonly mode: 'off' | 'apq' }
  /** Only these operations may run. */
  | { readonly mode: 'only'; readonly operations: readonly PersistedOperation[] };

export interface PersistedOperation {
  /** The id that callers send, usually a hash of the document. */
  readonly id: string;
  readonly name: string | null;
  readonly text: string;
}

export interface MetricsSettings {
  /** A separate port for metrics and health, 0 for any free one; null for the callers' port. */
  readonly port: number | null;
}

export interface TracesSettings {
  /** URL of the collector, including `/v1/traces`. */
  readonly url: string;
  /** Headers sent to the collector; may contain secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Resource attributes, always including `service.name`. */
  readonly resource: Readonly<Record<string, string>>;
  readonly sampling: {
    /** Share of the traces that start here, 0 to 1. */
    readonly ratio: number;
    /** Whether the caller's sampling decision applies to traces that it started. */
    readonly followsCaller: boolean;
  };
  /** Whether to continue the trace of a request's `traceparent`. */
  readonly continuesTraces: boolean;
}

/** How callers are authenticated. */
export type AuthConfig =
  | { readonly mode: 'none' }
  | { readonly mode: 'keys'; readonly keys: readonly { readonly caller: Caller; readonly sha256: string }[] }
  | {
      readonly mode: 'jwt';
      readonly keys: { readonly jwksUrl: string } | { readonly secret: string };
      readonly issuer: string;
      readonly audience: string;
      readonly toleranceSeconds: number;
      readonly algorithms: readonly string[];
      readonly accountsClaim: string;
    }
  | {
      readonly mode: 'forwarded';
      /** Addresses and networks of routers whose caller headers are trusted. */
      readonly routers: readonly string[];
      /** Names in lower case. */
      readonly headers: { readonly subject: string; readonly scopes: string; readonly accounts: string };
    };

export const upstreamHttpClients = ['got', 'undici'] as const;
export type UpstreamHttpClient = (typeof upstreamHttpClients)[number];

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
