import type { Config } from '../config/config.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { ParsedReplyCache } from '../ports/parsed-reply-cache.ts';
import type { CachedReadCheck } from '../ports/response-cache.ts';
import type { TokenStore } from '../ports/token-store.ts';
import type { UpstreamPort } from '../ports/upstream.ts';
import type { UpstreamReport } from '../ports/upstream-report.ts';
import {
  type CacheTtls,
  createCallWindow,
  createCircuits,
  createMemoryTokenStore,
  createParsedReplyCache,
  createReadCache,
  createUpstream,
  type ObservedTokenStore,
  observeTokenStore,
} from '../upstream/index.ts';
import type { RedisLinkOptions, RedisLog } from '../upstream/redis/redis-link.ts';
import { createBudgets, type OpenWindow } from './budgets.ts';
import type { RedisParts } from './redis-parts.ts';
import type { Telemetry } from './telemetry.ts';

/** Replies that came twice take up to this share of the room for reads, on top of it. */
const repliesShare = 1 / 8;

/** What providers read through. */
export interface Upstream {
  readonly upstream: UpstreamPort & CachedReadCheck;
  /** Where a provider keeps its tokens. */
  tokensOf(provider: ProviderCode): TokenStore;
  /** What providers made of their replies. */
  readonly replies: ParsedReplyCache;
  /** How the gate is, without asking anybody. */
  report(): UpstreamReport;
  /** What replicas share; null: there are none. */
  readonly redis: RedisParts | null;
  close(): void;
}

/**
 * The gate as the configuration wants it: how long reads are remembered, what each credential may call, and
 * whether token, budget and memory are this process's own or a fleet's.
 */
export async function openUpstream(
  config: Config,
  clock: Clock,
  log: RedisLog,
  { metrics, upstream: telemetry }: Telemetry,
): Promise<Upstream> {
  const { redisUrl, redisTimeoutMs: timeoutMs } = config;
  const observed = metrics?.redis ? { observer: metrics.redis } : {};
  const redis =
    redisUrl === null ? null : await openRedis({ url: redisUrl, timeoutMs, clock, log, ...observed });
  const ownWindow: OpenWindow = (_credential, _name, rate) => createCallWindow(() => rate, clock);
  const openWindow = redis?.openWindow ?? ownWindow;
  const budgets = createBudgets(config, openWindow, clock);
  const cache = createReadCache(config.cache.bytesMax);
  const circuits = createCircuits(clock);
  const tokenStores: ObservedTokenStore[] = [];
  return {
    upstream: createUpstream({
      clock,
      cache,
      circuits,
      ...(redis === null ? {} : { sharedCache: redis.cache }),
      ttls: toTtls(config),
      budgetOf: budgets.ofRead,
      telemetry,
    }),
    tokensOf(provider) {
      const budgetOf = (credential: string) => budgets.ofTokenCalls(provider, credential);
      const tokenStore = redis?.openTokenStore(budgetOf) ?? createMemoryTokenStore({ clock, budgetOf });
      const watched = observeTokenStore(tokenStore, provider, clock, telemetry);
      tokenStores.push(watched);
      return watched.tokenStore;
    },
    replies: createParsedReplyCache(Math.ceil(config.cache.bytesMax * repliesShare)),
    report: () => ({
      circuits: circuits.reports(),
      budgets: budgets.reports(),
      tokens: tokenStores.flatMap((tokenStore) => tokenStore.reports()),
      cache: cache.report(),
      redis: redis?.link.report() ?? null,
    }),
    redis,
    close: () => redis?.link.close(),
  };
}

async function openRedis(options: RedisLinkOptions): Promise<RedisParts> {
  // Loaded only when it is used: nobody without REDIS_URL pays for it at start.
  const { openRedisParts } = await import('./redis-parts.ts');
  return openRedisParts(options);
}

function toTtls({ cache }: Config): CacheTtls {
  return {
    maxAgeSeconds: {
      accounts: cache.accountMaxAgeSeconds,
      balances: cache.balanceMaxAgeSeconds,
      transactions: cache.transactionMaxAgeSeconds,
    },
    staleMaxAgeSeconds: cache.staleMaxAgeSeconds,
  };
}
