/** What bounds a transport. */
export interface HttpOptions {
  /** Longest time until the connection stands. undici looks every half second only. */
  readonly connectTimeoutMs: number;
  /** Longest time of one attempt, connecting and reading the body included. */
  readonly requestTimeoutMs: number;
  /** Largest reply body that is read, in bytes after decompression. */
  readonly replyBytesMax: number;
  /** Connections open at once to one host; further requests wait for one. */
  readonly maxSockets: number;
}

export const userAgent = 'balances-gateway';
