import type { HttpRequest } from '../../ports/http.ts';

/** Limits of a transport, and the observer of how long requests waited. */
export interface HttpOptions {
  /** Longest time to connect. undici checks it only every half second. */
  readonly connectTimeoutMs: number;
  /** Longest time of one attempt, including connecting and reading the body. */
  readonly requestTimeoutMs: number;
  /** Largest reply body that is read, in bytes after decompression. */
  readonly replyBytesMax: number;
  /** Most connections to one host; further requests wait for one. */
  readonly maxSockets: number;
  /** Called with how long each request waited to be sent: for a free connection, and to open one. */
  readonly onSent?: (request: Pick<HttpRequest, 'provider'>, waitedMs: number) => void;
}

export const userAgent = 'balances-gateway';
