import { Redis } from 'ioredis';

/** A client of Redis. */
export type RedisClient = Redis;

/** Longest wait for the first connection at start-up. */
export const connectMsMax = 1_000;
const reconnectMsMax = 2_000;
/** A connection without replies for this long is replaced. */
const hungConnectionMs = 10_000;

/**
 * Errors that another connection may not have: a primary that has become a replica (a name or proxy in front of it leads to
 * the new one), and a password that was changed.
 */
const ofConnection = /^(READONLY|NOAUTH|WRONGPASS|MASTERDOWN)\b/;

/** A client that is not connected yet. */
export function createRedisClient(url: string, disconnectMs: number): RedisClient {
  return new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectMsMax,
    socketTimeout: hungConnectionMs,
    disconnectTimeout: disconnectMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attemptNumber) => Math.min(50 * 2 ** attemptNumber, reconnectMsMax),
    reconnectOnError: ({ message }) => ofConnection.test(message),
  });
}
