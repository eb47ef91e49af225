import type { Config } from '../config/config.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import { createRedisCallWindow } from '../fleet/redis-call-window.ts';
import { type FleetLog, openRedisLink, type RedisLink } from '../fleet/redis-link.ts';
import { createRedisMemory } from '../fleet/redis-memory.ts';
import { createRedisMintRests } from '../fleet/redis-mint-rests.ts';
import { createRedisTokenVault } from '../fleet/redis-token-vault.ts';
import { createVaultKeyRing } from '../fleet/vault-keys.ts';
import type { ReadRecall } from '../ports/answers.ts';
import type { Clock } from '../ports/clock.ts';
import type { GateReport } from '../ports/gate-report.ts';
import type { TokenVault } from '../ports/token-vault.ts';
import type { UpstreamPort } from '../ports/upstream.ts';
import {
  createCallWindow,
  createCircuits,
  createMemoryTokenVault,
  createMinter,
  createReadMemory,
  createUpstream,
  type Lifetimes,
  type WatchedVault,
  watchVault,
} from '../upstream/index.ts';
import { createBudgets, type OpenWindow } from './budgets.ts';
import type { Telemetry } from './telemetry.ts';

/** What providers read through. */
export interface UpstreamGate {
  readonly upstream: UpstreamPort & ReadRecall;
  /** Where a provider keeps its tokens. */
  tokensOf(provider: ProviderCode): TokenVault;
  /** How the gate is, without asking anybody. */
  report(): GateReport;
  /** The way to what replicas share; null: there are none. */
  readonly link: RedisLink | null;
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
  const link =
    redisUrl === null ? null : await openRedisLink({ url: redisUrl, timeoutMs, clock, log, ...observed });
  const keysOf = createVaultKeyRing();
  const openWindow = createWindows(
    link,
    clock,
    (credential, name) => `calls:${keysOf(credential).nameOf(name)}`,
  );
  const budgets = createBudgets(config, openWindow, clock);
  const memory = createReadMemory(config.memory.bytesMax);
  const circuits = createCircuits(clock);
  const vaults: WatchedVault[] = [];
  return {
    upstream: createUpstream({
      clock,
      memory,
      circuits,
      ...(link === null ? {} : { sharedMemory: createRedisMemory({ link, clock, keysOf }) }),
      lifetimes: toLifetimes(config),
      budgetOf: budgets.ofRead,
      telemetry,
    }),
    tokensOf(provider) {
      const budgetOf = (credential: string) => budgets.ofMint(provider, credential);
      const vault =
        link === null
          ? createMemoryTokenVault({ clock, budgetOf })
          : createRedisTokenVault({
              ...{ link, clock, keysOf },
              mintToken: createMinter({
                clock,
                budgetOf,
                rests: createRedisMintRests({ link, clock, keysOf }),
              }),
            });
      const watched = watchVault(vault, provider, clock, telemetry);
      vaults.push(watched);
      return watched.vault;
    },
    report: () => ({
      circuits: circuits.reports(),
      budgets: budgets.reports(),
      tokens: vaults.flatMap((vault) => vault.reports()),
      memory: memory.report(),
      redis: link?.report() ?? null,
    }),
    link,
    close: () => link?.close(),
  };
}

function createWindows(
  link: RedisLink | null,
  clock: Clock,
  nameOf: (credential: string, name: string) => string,
): OpenWindow {
  return (credential, name, rate) =>
    link === null
      ? createCallWindow(() => rate, clock)
      : createRedisCallWindow({ link, clock, rate, name: nameOf(credential, name) });
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
