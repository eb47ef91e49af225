import { randomUUID } from 'node:crypto';
import type { RequestCounter } from '../ports/request-counter.ts';
import type { TokenStore } from '../ports/token-store.ts';
import type { WatchedCalls } from '../ports/watched-calls.ts';
import {
  type CallBudget,
  createTokenIssuer,
  type LastChange,
  type SharedReadCache,
} from '../upstream/index.ts';
import { createRedisCallWindow } from '../upstream/redis/call-window.ts';
import { type ChangeNotices, createChangeNotices } from '../upstream/redis/change-notices.ts';
import { createKeyRing } from '../upstream/redis/encryption-keys.ts';
import { createLastChanges } from '../upstream/redis/last-changes.ts';
import { createRedisReadCache } from '../upstream/redis/read-cache.ts';
import type { RedisClient } from '../upstream/redis/redis-client.ts';
import { openRedisLink, type RedisLink, type RedisLinkOptions } from '../upstream/redis/redis-link.ts';
import { createReplicaPresence } from '../upstream/redis/replica-presence.ts';
import { createRedisCounter } from '../upstream/redis/request-counter.ts';
import { createRedisTokenBackOffs } from '../upstream/redis/token-back-offs.ts';
import { createRedisTokenStore } from '../upstream/redis/token-store.ts';
import { createWatchedCalls } from '../upstream/redis/watched-calls.ts';
import type { OpenWindow } from './budgets.ts';

/** What replicas share in Redis. */
export interface RedisParts {
  readonly link: RedisLink;
  readonly cache: SharedReadCache;
  /** Names the latest change that any replica has announced of a provider; null if there is none, or that is not known. */
  readonly lastChange: LastChange;
  readonly openWindow: OpenWindow;
  /** Publishes to the other replicas what may have changed at a provider. */
  readonly notices: ChangeNotices;
  /** Counts the calls of what all replicas watch. */
  readonly watched: WatchedCalls;
  /** A token store for one provider; token requests are charged to `budgetOf` their credential. */
  openTokenStore(budgetOf: (credential: string) => CallBudget): TokenStore;
  /** Counts for all replicas, or in `own` while Redis is unavailable. */
  openCounter(own: RequestCounter): RequestCounter;
  /** Takes a key for `keptMs`. Resolves to true when no replica holds it, and while Redis is unavailable. */
  takeOnce(key: string, keptMs: number): Promise<boolean>;
}

export interface RedisPartsOptions extends Omit<RedisLinkOptions, 'heartbeat'> {
  /** Digest of all credentials: replicas with the same ones are one group. */
  readonly credentials: string;
  /** Name of this process among the replicas. */
  readonly replica: string;
  /** How long earlier reads may be served while there is no token. */
  readonly staleMaxAgeMs: number;
  /** How many replicas there are; null if the operator did not configure it. */
  readonly replicas: number | null;
}

/** How long the connection for notices may take to be closed. */
const noticesTimeoutMs = 1_000;

/** Connects to Redis and opens the shared parts. Resolves even when Redis is unavailable. */
export async function openRedisParts(options: RedisPartsOptions): Promise<RedisParts> {
  const { clock, credentials, replica, replicas, staleMaxAgeMs } = options;
  const keysOf = createKeyRing();
  // `fleet` is part of Redis keys, unchanged since 0.1.0.
  const name = `fleet:${keysOf(credentials).nameOf('fleet')}`;
  const presence = createReplicaPresence({ name, replica: keysOf(credentials).nameOf(replica), replicas });
  const link = await openRedisLink({ ...options, heartbeat: presence });
  const changes = createLastChanges(link, keysOf(credentials));
  return {
    link,
    lastChange: changes.last,
    cache: createRedisReadCache({ link, clock, keysOf }),
    openWindow: (credential, name, rate) =>
      createRedisCallWindow({
        link,
        clock,
        rate,
        presence,
        name: `calls:${keysOf(credential).nameOf(name)}`,
      }),
    openTokenStore(budgetOf) {
      const backOffs = createRedisTokenBackOffs({ link, clock, keysOf });
      return createRedisTokenStore({
        ...{ link, clock, keysOf, staleMaxAgeMs },
        issueToken: createTokenIssuer({ clock, budgetOf, backOffs }),
      });
    },
    watched: createWatchedCalls(link, keysOf(credentials)),
    notices: createChangeNotices({
      ...{ server: options.server, link, changes, keys: keysOf(credentials), sender: randomUUID() },
      timeoutMs: options.timeoutMs ?? noticesTimeoutMs,
    }),
    takeOnce(key, keptMs) {
      const name = `taken:${keysOf(credentials).nameOf(key)}`;
      const take = async (redis: RedisClient) => (await redis.set(name, '1', 'PX', keptMs, 'NX')) !== null;
      return link.run(take, () => true);
    },
    openCounter: (own) => createRedisCounter({ link, own }),
  };
}
