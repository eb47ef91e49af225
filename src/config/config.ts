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
  /** The most that one operation may ask for. */
  readonly queryLimits: QueryLimits;
  /** Null: the cursor key is derived from the credentials, see `deriveCursorKey`. */
  readonly cursorSecret: string | null;
  /** Whether `/` shows an explorer to browsers. */
  readonly explorer: boolean;
  /** Whether callers may read the schema; where they may not, mistakes are answered without suggestions too. */
  readonly introspection: boolean;
  /** Web origins whose pages may ask; null leaves it to what is served. */
  readonly corsOrigins: readonly string[] | null;
  /** Whether a request may be addressed to any host name, or to a name of this machine only. */
  readonly anyHostName: boolean;
  readonly auth: AuthConfig;
  readonly memory: MemorySettings;
  /** Where replicas share token, budget and memory; null: this process is on its own. May hold a password. */
  readonly redisUrl: string | null;
}

/** How long reads are remembered, in seconds (0: not at all), and how much room they get. */
export interface MemorySettings {
  readonly balanceMaxAgeSeconds: number;
  readonly transactionMaxAgeSeconds: number;
  readonly accountMaxAgeSeconds: number;
  /** Oldest read that may stand in while a provider cannot be asked. */
  readonly staleMaxAgeSeconds: number;
  readonly bytesMax: number;
}

/** Maxima of one operation; what each measures is said in docs/security.md. */
export interface QueryLimits {
  readonly tokens: number;
  readonly fragments: number;
  readonly directives: number;
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
    };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
