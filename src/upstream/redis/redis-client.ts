import { Cluster, Redis } from 'ioredis';
import type { RedisServer } from '../../domain/redis-server.ts';

/** A Redis client. A Cluster client has the same commands. */
export type RedisClient = Redis;

/** Longest wait for the first connection at start-up. */
export const connectMsMax = 1_000;
const reconnectMsMax = 2_000;
/** A connection that has not replied for this long is replaced. */
const hungConnectionMs = 10_000;

/**
 * Errors that a new connection may not have: the primary has become a replica (a name or proxy in front of it leads to
 * the new one), or the password was changed.
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
      // Connects to nodes by the names that they announce, because their certificates are issued for those names.
      ...(server.tls === null ? {} : { dnsLookup: (address, found) => found(null, address) }),
      redisOptions: common,
    });
    // Both clients have every command; the types differ in what a pipeline returns.
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

/** Whether the keys that one script uses must be in one hash slot. */
export function isCluster(redis: RedisClient): boolean {
  return redis instanceof Cluster;
}

/** `name` as the common part of keys that are used together: the braces make a Cluster keep them in one hash slot. */
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
    // A Sentinel announces a new primary at once, even when the old one only hangs.
    failoverDetector: true,
    ...(sentinelUsername === null ? {} : { sentinelUsername }),
    ...(sentinelPassword === null ? {} : { sentinelPassword }),
    ...(tls === null ? {} : { sentinelTLS: toTls(tls), enableTLSForSentinelMode: true }),
  };
}
