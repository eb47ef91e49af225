import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** What bounds a transport. */
export interface HttpOptions {
  /** Longest time until the connection stands. */
  readonly connectTimeoutMs: number;
  /** Longest time of one attempt, connecting and reading the body included. */
  readonly requestTimeoutMs: number;
  /** Largest reply body that is read, in bytes after decompression. */
  readonly replyBytesMax: number;
  /** Connections open at once to one host; further requests wait for one. */
  readonly maxSockets: number;
}

/** Kept connections of one transport. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

export function createAgents({ maxSockets }: HttpOptions): Agents {
  const options = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    scheduling: 'lifo',
  } as const;
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

export const userAgent = 'balances-gateway';
