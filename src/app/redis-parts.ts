import type { RequestCounter } from '../ports/request-counter.ts';
import type { TokenVault } from '../ports/token-store.ts';
import { type CallBudget, createMinter, type SharedMemory } from '../upstream/index.ts';
import { createRedisCallWindow } from '../upstream/redis/call-window.ts';
import { createVaultKeyRing } from '../upstream/redis/encryption-keys.ts';
import { createRedisMemory } from '../upstream/redis/read-cache.ts';
import { openRedisLink, type RedisLink, type RedisLinkOptions } from '../upstream/redis/redis-link.ts';
import { createRedisCounter } from '../upstream/redis/request-counter.ts';
import { createRedisMintRests } from '../upstream/redis/token-back-offs.ts';
import { createRedisTokenVault } from '../upstream/redis/token-store.ts';
import type { OpenWindow } from './budgets.ts';

/** What replicas on one Redis have in common. */
export interface FleetParts {
  readonly link: RedisLink;
  readonly memory: SharedMemory;
  readonly openWindow: OpenWindow;
  /** A vault for one provider's tokens; `budgetOf` a credential pays for what is minted. */
  openVault(budgetOf: (credential: string) => CallBudget): TokenVault;
  /** Counts for all replicas, and in `own` while Redis cannot be used. */
  openCounter(own: RequestCounter): RequestCounter;
}

/** Opens the way to Redis and what is kept there. Resolves whether Redis is there or not. */
export async function openFleetParts(options: RedisLinkOptions): Promise<FleetParts> {
  const { clock } = options;
  const link = await openRedisLink(options);
  const keysOf = createVaultKeyRing();
  return {
    link,
    memory: createRedisMemory({ link, clock, keysOf }),
    openWindow: (credential, name, rate) =>
      createRedisCallWindow({ link, clock, rate, name: `calls:${keysOf(credential).nameOf(name)}` }),
    openVault(budgetOf) {
      const rests = createRedisMintRests({ link, clock, keysOf });
      return createRedisTokenVault({
        ...{ link, clock, keysOf },
        mintToken: createMinter({ clock, budgetOf, rests }),
      });
    },
    openCounter: (own) => createRedisCounter({ link, own }),
  };
}
