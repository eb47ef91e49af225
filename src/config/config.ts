/** Everything the process is told from outside, parsed once. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Longest time one GraphQL request may take, upstream waiting included. */
  readonly requestTimeoutMs: number;
  readonly upstreamCallsPerOperationMax: number;
  /** Null: the cursor key is derived from the credentials, see `deriveCursorKey`. */
  readonly cursorSecret: string | null;
  readonly uqpay: UqpaySource;
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Where UQPAY's data comes from: the built-in simulator, or UQPAY itself. */
export type UqpaySource = EmbeddedUqpay | RemoteUqpay;

export interface EmbeddedUqpay {
  readonly mode: 'embedded';
  readonly rateLimitPerMinute: number;
}

export interface RemoteUqpay {
  readonly mode: 'remote';
  /** API base without a trailing slash, for example `https://api-sandbox.uqpaytech.com/api`. */
  readonly baseUrl: string;
  readonly environment: 'SANDBOX' | 'PRODUCTION';
  /** At least one line is there. */
  readonly lines: UqpayCredentials;
  readonly rateLimitPerMinute: number;
}

export const uqpayLines = ['banking', 'issuing', 'payment'] as const;
export type UqpayLine = (typeof uqpayLines)[number];

/** Credentials of each business line; a line without any is absent. */
export type UqpayCredentials = Readonly<Partial<Record<UqpayLine, UqpayCredential>>>;

/** A key pair of UQPAY, both visible ASCII, so that they fit into a header. */
export interface UqpayCredential {
  readonly clientId: string;
  readonly apiKey: string;
}
