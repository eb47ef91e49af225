import type { Config } from '../config/config.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReplyMemory } from '../ports/parsed-reply-cache.ts';
import type { ReadRecall } from '../ports/response-cache.ts';
import type { TokenVault } from '../ports/token-store.ts';
import type { UpstreamPort } from '../ports/upstream.ts';
import type { GateReport } from '../ports/upstream-report.ts';
import {
  createCallWindow,
  createCircuits,
  createMemoryTokenVault,
  createReadMemory,
  createReplyMemory,
  createUpstream,
  type Lifetimes,
  type WatchedVault,
  watchVault,
} from '../upstream/index.ts';
import type { FleetLog, RedisLinkOptions } from '../upstream/redis/redis-link.ts';
import { createBudgets, type OpenWindow } from './budgets.ts';
import type { FleetParts } from './redis-parts.ts';
import type { Telemetry } from './telemetry.ts';

/** Replies that came twice take up to this share of the room for reads, on top of it. */
const repliesShare = 1 / 8;

/** What providers read through. */
export interface UpstreamGate {
  readonly upstream: UpstreamPort & ReadRecall;
  /** Where a provider keeps its tokens. */
  tokensOf(provider: ProviderCode): TokenVault;
  /** What providers made of their replies. */
  readonly replies: ReplyMemory;
  /** How the gate is, without asking anybody. */
  report(): GateReport;
  /** What replicas share; null: there are none. */
  readonly fleet: FleetParts | null;
  close(): void;
}

/**
 * The gate as the configuration wants it: how long reads are remembered, what each credential may call, and
 * whether token, budget and memory are this process's own or a fleet's.
 */
export async function openUpstreamGate(
  config: Config,
  clock: Clock,
  log: FleetLog,
  { metrics, upstream: telemetry }: Telemetry,
): Promise<UpstreamGate> {
  const { redisUrl, redisTimeoutMs: timeoutMs } = config;
  const observed = metrics?.redis ? { observer: metrics.redis } : {};
  const fleet =
    redisUrl === null ? null : await openFleet({ url: redisUrl, timeoutMs, clock, log, ...observed });
  const ownWindow: OpenWindow = (_credential, _name, rate) => createCallWindow(() => rate, clock);
  const openWindow = fleet?.openWindow ?? ownWindow;
  const budgets = createBudgets(config, openWindow, clock);
  const memory = createReadMemory(config.memory.bytesMax);
  const circuits = createCircuits(clock);
  const vaults: WatchedVault[] = [];
  return {
    upstream: createUpstream({
      clock,
      memory,
      circuits,
      ...(fleet === null ? {} : { sharedMemory: fleet.memory }),
      lifetimes: toLifetimes(config),
      budgetOf: budgets.ofRead,
      telemetry,
    }),
    tokensOf(provider) {
      const budgetOf = (credential: string) => budgets.ofMint(provider, credential);
      const vault = fleet?.openVault(budgetOf) ?? createMemoryTokenVault({ clock, budgetOf });
      const watched = watchVault(vault, provider, clock, telemetry);
      vaults.push(watched);
      return watched.vault;
    },
    replies: createReplyMemory(Math.ceil(config.memory.bytesMax * repliesShare)),
    report: () => ({
      circuits: circuits.reports(),
      budgets: budgets.reports(),
      tokens: vaults.flatMap((vault) => vault.reports()),
      memory: memory.report(),
      redis: fleet?.link.report() ?? null,
    }),
    fleet,
    close: () => fleet?.link.close(),
  };
}

async function openFleet(options: RedisLinkOptions): Promise<FleetParts> {
  // Loaded only when it is used: nobody without REDIS_URL pays for it at start.
  const { openFleetParts } = await import('./redis-parts.ts');
  return openFleetParts(options);
}

function toLifetimes({ memory }: Config): Lifetimes {
  return {
    maxAgeSeconds: {
      accounts: memory.accountMaxAgeSeconds,
      balances: memory.balanceMaxAgeSeconds,
      transactions: memory.transactionMaxAgeSeconds,
    },
    staleMaxAgeSeconds: memory.staleMaxAgeSeconds,
  };
}
