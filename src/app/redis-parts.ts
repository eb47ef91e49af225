import type { RequestCounter } from '../ports/request-counter.ts';
import type { TokenStore } from '../ports/token-store.ts';
import { type CallBudget, createTokenIssuer, type SharedReadCache } from '../upstream/index.ts';
import { createRedisCallWindow } from '../upstream/redis/call-window.ts';
import { createKeyRing } from '../upstream/redis/encryption-keys.ts';
import { createRedisReadCache } from '../upstream/redis/read-cache.ts';
import { openRedisLink, type RedisLink, type RedisLinkOptions } from '../upstream/redis/redis-link.ts';
import { createRedisCounter } from '../upstream/redis/request-counter.ts';
import { createRedisTokenBackOffs } from '../upstream/redis/token-back-offs.ts';
import { createRedisTokenStore } from '../upstream/redis/token-store.ts';
import type { OpenWindow } from './budgets.ts';

/** What replicas share in Redis. */
export interface RedisParts {
  readonly link: RedisLink;
  readonly cache: SharedReadCache;
  readonly openWindow: OpenWindow;
  /** A token store for one provider; token requests are charged to `budgetOf` their credential. */
  openTokenStore(budgetOf: (credential: string) => CallBudget): TokenStore;
  /** Counts for all replicas, or in `own` while Redis is unavailable. */
  openCounter(own: RequestCounter): RequestCounter;
}

/** Connects to Redis and opens the shared parts. Resolves even when Redis is unavailable. */
export async function openRedisParts(options: RedisLinkOptions): Promise<RedisParts> {
  const { clock } = options;
  const link = await openRedisLink(options);
  const keysOf = createKeyRing();
  return {
    link,
    cache: createRedisReadCache({ link, clock, keysOf }),
    openWindow: (credential, name, rate) =>
      createRedisCallWindow({ link, clock, rate, name: `calls:${keysOf(credential).nameOf(name)}` }),
    openTokenStore(budgetOf) {
      const backOffs = createRedisTokenBackOffs({ link, clock, keysOf });
      return createRedisTokenStore({
        ...{ link, clock, keysOf },
        issueToken: createTokenIssuer({ clock, budgetOf, backOffs }),
      });
    },
    openCounter: (own) => createRedisCounter({ link, own }),
  };
}
