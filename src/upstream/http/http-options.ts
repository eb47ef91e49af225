/** Limits of a transport. */
export interface HttpOptions {
  /** Longest time to connect. undici checks it only every half second. */
  readonly connectTimeoutMs: number;
  /** Longest time of one attempt, including connecting and reading the body. */
  readonly requestTimeoutMs: number;
  /** Largest reply body that is read, in bytes after decompression. */
  readonly replyBytesMax: number;
  /** Most connections to one host; further requests wait for one. */
  readonly maxSockets: number;
}

export const userAgent = 'balances-gateway';
