import type { Config } from '../config/config.ts';
import { connectedSources } from '../config/providers.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import { createRedisCallWindow } from '../fleet/redis-call-window.ts';
import { type FleetLog, openRedisLink, type RedisLink } from '../fleet/redis-link.ts';
import { createRedisMemory } from '../fleet/redis-memory.ts';
import { createRedisTokenVault } from '../fleet/redis-token-vault.ts';
import { createVaultKeyRing } from '../fleet/vault-keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { TokenVault } from '../ports/token-vault.ts';
import type { ReadIdentity, UpstreamPort } from '../ports/upstream.ts';
import {
  type CallBudget,
  type CallRate,
  type CallWindow,
  createCallBudget,
  createCallWindow,
  createMemoryTokenVault,
  createMinter,
  createReadMemory,
  createUpstream,
  type Lifetimes,
  toCallRate,
} from '../upstream/index.ts';

/** What providers read through. */
export interface UpstreamGate {
  readonly upstream: UpstreamPort;
  readonly tokens: TokenVault;
  /** The way to what replicas share; null: there are none. */
  readonly link: RedisLink | null;
  close(): void;
}

/**
 * The gate as the configuration wants it: how long reads are remembered, what each credential may call, and
 * whether token, budget and memory are this process's own or a fleet's.
 */
export async function openUpstreamGate(config: Config, clock: Clock, log: FleetLog): Promise<UpstreamGate> {
  const { redisUrl } = config;
  const link = redisUrl === null ? null : await openRedisLink({ url: redisUrl, clock, log });
  const keysOf = createVaultKeyRing();
  const openWindow = createWindows(
    link,
    clock,
    (credential, name) => `calls:${keysOf(credential).nameOf(name)}`,
  );
  const budgetOf = createMintBudgets(openWindow, clock);
  const upstream = createUpstream({
    clock,
    memory: createReadMemory(config.memory.bytesMax),
    ...(link === null ? {} : { sharedMemory: createRedisMemory({ link, clock, keysOf }) }),
    lifetimes: toLifetimes(config),
    budgetOf: createBudgets(config, openWindow, clock),
  });
  const tokens =
    link === null
      ? createMemoryTokenVault({ clock, budgetOf })
      : createRedisTokenVault({ link, clock, keysOf, mintToken: createMinter({ clock, budgetOf }) });
  return { upstream, tokens, link, close: () => link?.close() };
}

type OpenWindow = (credential: string, name: string, rate: CallRate) => CallWindow;

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

/** One budget for each credential, made when it is first used. */
function createBudgets(
  config: Config,
  openWindow: OpenWindow,
  clock: Clock,
): (identity: ReadIdentity) => CallBudget | null {
  const limits = new Map<ProviderCode, number | null>(
    connectedSources(config).map(({ code, source }) => [code, source.rateLimitPerMinute]),
  );
  const budgets = new Map<string, CallBudget>();
  return ({ provider, environment, credential }) => {
    const limit = limits.get(provider) ?? null;
    if (limit === null) return null;
    const key = JSON.stringify([provider, environment, credential]);
    const known = budgets.get(key);
    if (known !== undefined) return known;
    const rate = toCallRate(limit, config.upstreamCallsPerOperationMax);
    const budget = createCallBudget(provider, openWindow(credential, key, rate), clock);
    budgets.set(key, budget);
    return budget;
  };
}

/** Token calls a minute: the lowest of the limits that UQPAY's papers name (uqpay reference section 2.4). */
const mintsPerMinute = 50;

function createMintBudgets(openWindow: OpenWindow, clock: Clock): (credential: string) => CallBudget {
  const budgets = new Map<string, CallBudget>();
  return (credential) => {
    const known = budgets.get(credential);
    if (known !== undefined) return known;
    const window = openWindow(credential, 'mints', { callsPerMinute: mintsPerMinute, burst: mintsPerMinute });
    const budget = createCallBudget('The token endpoint', window, clock);
    budgets.set(credential, budget);
    return budget;
  };
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
