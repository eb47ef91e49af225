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

/** What replicas on one Redis have in common. */
export interface RedisParts {
  readonly link: RedisLink;
  readonly cache: SharedReadCache;
  readonly openWindow: OpenWindow;
  /** A vault for one provider's tokens; `budgetOf` a credential pays for what is minted. */
  openTokenStore(budgetOf: (credential: string) => CallBudget): TokenStore;
  /** Counts for all replicas, and in `own` while Redis cannot be used. */
  openCounter(own: RequestCounter): RequestCounter;
}

/** Opens the way to Redis and what is kept there. Resolves whether Redis is there or not. */
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
