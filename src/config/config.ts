import type { Caller } from '../domain/caller.ts';
import type { ProviderSources } from './providers.ts';

/** Everything the process is told from outside, parsed once. */
export interface Config extends ProviderSources {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Longest time one GraphQL request may take, upstream waiting included. */
  readonly requestTimeoutMs: number;
  readonly upstreamCallsPerOperationMax: number;
  /** Operations that run at the same time, all callers together. */
  readonly concurrentOperationsMax: number;
  /** What makes the HTTP requests to providers (docs/adr/0007-reads-over-undici.md). */
  readonly upstreamHttpClient: UpstreamHttpClient;
  /** The most that one operation may ask for. */
  readonly queryLimits: QueryLimits;
  /** Null: the cursor key is derived from the credentials, see `deriveCursorKey`. */
  readonly cursorSecret: string | null;
  /** Whether `/` shows an explorer to browsers. */
  readonly explorer: boolean;
  /** Whether callers may read the schema; where they may not, mistakes are answered without suggestions too. */
  readonly introspection: boolean;
  /** Whether operations that are asked again and again are compiled. */
  readonly compiledExecution: boolean;
  /** Web origins whose pages may ask; null leaves it to what is served. */
  readonly corsOrigins: readonly string[] | null;
  /** Whether a request may be addressed to any host name, or to a name of this machine only. */
  readonly anyHostName: boolean;
  /** Whether caches that several callers share may keep answers; `public` only where callers are not told apart. */
  readonly cacheScope: 'private' | 'public';
  readonly auth: AuthConfig;
  readonly rates: RateSettings;
  readonly persisted: PersistedOperations;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Whether `/metrics` is served, and where; null: nowhere. */
  readonly metrics: MetricsSettings | null;
  /** How traces are made and where they go; null: not at all. */
  readonly traces: TracesSettings | null;
  /** How long `/readyz` says 503 before connections are refused at shutdown. */
  readonly shutdownDelayMs: number;
  readonly cache: CacheSettings;
  /** Where replicas share token, budget and memory; null: this process is on its own. May hold a password. */
  readonly redisUrl: string | null;
  /** Longest wait for Redis where nothing is lost without it. */
  readonly redisTimeoutMs: number;
}

/** How long reads are remembered, in seconds (0: not at all), and how much room they get. */
export interface CacheSettings {
  readonly balanceMaxAgeSeconds: number;
  readonly transactionMaxAgeSeconds: number;
  readonly accountMaxAgeSeconds: number;
  /** Oldest read that may stand in while a provider cannot be asked. */
  readonly staleMaxAgeSeconds: number;
  readonly bytesMax: number;
}

/** How often callers may ask. */
export interface RateSettings {
  /** Requests one caller may make in a minute; 0: any number. */
  readonly requestsPerMinute: number;
  /** Different credentials that one address may try in vain in a minute; 0: any number. */
  readonly failedCredentialsPerMinute: number;
}

/** Operations that callers can ask for by their hash, or have to. */
export type PersistedOperations =
  /** Any text runs. With `apq` it can be asked for by its hash once somebody sent it. */
  | { readonly mode: 'off' | 'apq' }
  /** These run, and nothing else. */
  | { readonly mode: 'only'; readonly operations: readonly PersistedOperation[] };

export interface PersistedOperation {
  /** What callers ask for it by; nearly always a hash of the text. */
  readonly id: string;
  readonly name: string | null;
  readonly text: string;
}

export interface MetricsSettings {
  /** A port of its own for metrics and health, 0 for any free one; null: the one that callers use. */
  readonly port: number | null;
}

export interface TracesSettings {
  /** Where spans are sent, `/v1/traces` included. */
  readonly url: string;
  /** Sent with them; may hold a secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the spans are of; `service.name` is always there. */
  readonly resource: Readonly<Record<string, string>>;
  readonly sampling: {
    /** Share of the traces that begin here, 0 to 1. */
    readonly ratio: number;
    /** Whether a caller who sends a trace decides about it. */
    readonly followsCaller: boolean;
  };
  /** Whether a request's `traceparent` is gone on with. */
  readonly continuesTraces: boolean;
}

/** Maxima of one operation; what each measures is said in docs/security.md. */
export interface QueryLimits {
  readonly length: number;
  readonly tokens: number;
  readonly fragments: number;
  readonly directives: number;
  readonly directivesPerLocation: number;
  readonly aliases: number;
  readonly depth: number;
  readonly breadth: number;
  readonly fields: number;
  readonly listItems: number;
  readonly cost: number;
}

/** How callers are told apart. */
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
      /** Addresses and networks of routers whose word on the caller is taken. */
      readonly routers: readonly string[];
      /** Names in lower case. */
      readonly headers: { readonly subject: string; readonly scopes: string; readonly accounts: string };
    };

export const upstreamHttpClients = ['got', 'undici'] as const;
export type UpstreamHttpClient = (typeof upstreamHttpClients)[number];

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
