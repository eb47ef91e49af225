import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../config/config.ts';
import { connectedSources } from '../config/providers.ts';
import type { RedisServer } from '../domain/redis-server.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { ParsedReplyCache } from '../ports/parsed-reply-cache.ts';
import type { CachedReadCheck } from '../ports/response-cache.ts';
import type { TokenStore } from '../ports/token-store.ts';
import type { UpstreamPort } from '../ports/upstream.ts';
import type { BudgetsOf, UpstreamReport } from '../ports/upstream-report.ts';
import type { RedisObserver } from '../ports/upstream-telemetry.ts';
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
import type { RedisLog } from '../upstream/redis/redis-link.ts';
import { createBudgets, type OpenWindow } from './budgets.ts';
import type { RedisParts } from './redis-parts.ts';
import type { Telemetry } from './telemetry.ts';

/** Size of the parsed-reply cache, as a share of the read cache's size, in addition to it. */
const repliesShare = 1 / 8;

/** The upstream client and its parts. */
export interface Upstream {
  readonly upstream: UpstreamPort & CachedReadCheck;
  /** The token store of a provider. */
  tokensOf(provider: ProviderCode): TokenStore;
  /** Cache of parsed replies. */
  readonly replies: ParsedReplyCache;
  /** The current state, without any call. */
  report(): UpstreamReport;
  readonly budgetsOf: BudgetsOf;
  /** What replicas share; null without Redis. */
  readonly redis: RedisParts | null;
  close(): void;
}

/**
 * Sets up the upstream client from the configuration: cache TTLs, call budgets, and whether tokens, budgets and cached
 * reads belong to this process or are shared in Redis.
 */
export async function openUpstream(
  config: Config,
  clock: Clock,
  log: RedisLog,
  { metrics, upstream: telemetry }: Telemetry,
): Promise<Upstream> {
  const observer = metrics?.redis ?? null;
  const redis = config.redis === null ? null : await openRedis(config, config.redis, clock, log, observer);
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
      ...(redis === null ? {} : { sharedCache: redis.cache, lastChange: redis.lastChange }),
      ttls: toTtls(config),
      budgetOf: budgets.ofRead,
      staleAfterMs: config.cache.staleAfterMs,
      isSharedCacheAway: () => redis?.link.report().isUsed === false,
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
    budgetsOf: budgets.ofProvider,
    redis,
    close() {
      redis?.notices.close();
      redis?.link.close();
    },
  };
}

async function openRedis(
  config: Config,
  server: RedisServer,
  clock: Clock,
  log: RedisLog,
  observer: RedisObserver | null,
): Promise<RedisParts> {
  // Loaded only with REDIS_URL, to keep other starts fast.
  const { openRedisParts } = await import('./redis-parts.ts');
  return openRedisParts({
    ...{ server, clock, log, timeoutMs: config.redisTimeoutMs, replicas: config.replicas },
    staleMaxAgeMs: config.cache.staleMaxAgeSeconds * 1_000,
    ...(observer === null ? {} : { observer }),
    credentials: digestOfCredentials(config),
    replica: replicaName(config),
  });
}

/** Identical on replicas with the same provider settings. */
function digestOfCredentials(config: Config): string {
  const sources = connectedSources(config).map(({ source }) => source);
  return createHash('sha256').update(JSON.stringify(sources)).digest('base64url');
}

/** The same after a restart, unless the system chooses the port. */
function replicaName({ port }: Config): string {
  return `${hostname()} ${port === 0 ? randomUUID() : port}`;
}

function toTtls({ cache }: Config): CacheTtls {
  return {
    maxAgeSeconds: {
      accounts: cache.accountMaxAgeSeconds,
      balances: cache.balanceMaxAgeSeconds,
      transactions: cache.transactionMaxAgeSeconds,
      rates: cache.exchangeRateMaxAgeSeconds,
    },
    staleMaxAgeSeconds: cache.staleMaxAgeSeconds,
  };
}
