import { Cluster, Redis } from 'ioredis';
import type { RedisServer } from '../../domain/redis-server.ts';

/** A client of Redis. One of a Cluster has the same commands. */
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

const retryDelayMs = (attemptNumber: number) => Math.min(50 * 2 ** attemptNumber, reconnectMsMax);

/** A client that is not connected yet. */
export function createRedisClient(server: RedisServer, disconnectMs: number): RedisClient {
  const { kind, keyPrefix } = server;
  const nodes = [...server.nodes];
  const common = { ...toLogin(server), ...commonOptions(disconnectMs) };
  if (kind === 'CLUSTER') {
    const cluster = new Cluster(nodes, {
      lazyConnect: true,
      keyPrefix,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryDelayMs,
      // Nodes keep the names by which they call themselves: their certificates are made out to them.
      ...(server.tls === null ? {} : { dnsLookup: (address, found) => found(null, address) }),
      redisOptions: common,
    });
    // Both have every command; the types differ in what a pipeline returns.
    return cluster as unknown as RedisClient;
  }
  const options = {
    ...common,
    keyPrefix,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: retryDelayMs,
    db: server.database,
  };
  if (kind === 'SENTINEL') return new Redis({ ...options, ...toSentinel(server) });
  return new Redis({ ...options, ...nodes[0] });
}

/** Whether keys that a script uses together have to be in one slot. */
export function isCluster(redis: RedisClient): boolean {
  return redis instanceof Cluster;
}

/** `name` as the common part of keys that are used together: a Cluster keeps them in one slot by the braces. */
export function sharedPart(redis: RedisClient, name: string): string {
  return isCluster(redis) ? `{${name}}` : name;
}

function commonOptions(disconnectMs: number) {
  return {
    connectTimeout: connectMsMax,
    socketTimeout: hungConnectionMs,
    disconnectTimeout: disconnectMs,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    reconnectOnError: ({ message }: Error) => ofConnection.test(message),
  };
}

function toLogin({ username, password, tls }: RedisServer) {
  return {
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(tls === null ? {} : { tls: toTls(tls) }),
  };
}

function toTls({ ca }: { readonly ca: string | null }) {
  return ca === null ? {} : { ca };
}

function toSentinel(server: RedisServer) {
  const { nodes, primaryName, sentinelUsername, sentinelPassword, tls } = server;
  return {
    sentinels: [...nodes],
    name: primaryName ?? '',
    sentinelRetryStrategy: retryDelayMs,
    // A Sentinel tells of a new primary at once, also where the old one only hangs.
    failoverDetector: true,
    ...(sentinelUsername === null ? {} : { sentinelUsername }),
    ...(sentinelPassword === null ? {} : { sentinelPassword }),
    ...(tls === null ? {} : { sentinelTLS: toTls(tls), enableTLSForSentinelMode: true }),
  };
}
