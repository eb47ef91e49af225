import { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.ts';
import type { RedisReport } from '../ports/gate-report.ts';
import type { RedisObserver } from '../ports/upstream-telemetry.ts';
import { toReason, toTrouble } from './redis-trouble.ts';

/** Where the fleet reports whether it can use Redis; a pino logger is one. */
export interface FleetLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** The way to a Redis that may be slow, full, restarted or gone. */
export interface RedisLink {
  /** What `use` gives, or what `without` gives when Redis cannot be used now. Rejects only if `without` does. */
  run<T>(use: (redis: Redis) => Promise<T>, without: () => T | Promise<T>): Promise<T>;
  /** Calls `listener` whenever Redis can be used again after it could not be. */
  onBack(listener: () => void): void;
  report(): RedisReport;
  close(): void;
}

export interface RedisLinkOptions {
  /** `redis://` or `rediss://`; ioredis takes further options as query parameters, `keyPrefix` for one. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: FleetLog;
  readonly observer?: RedisObserver;
}

/** A local Redis answers in a fraction of a millisecond; whoever waits longer is better off alone. */
const commandTimeoutMs = 250;
/** How long a Redis that failed is left alone. */
const awayMs = 1_000;
/** How long nothing may fail before Redis counts as back: one that is full fails at writing and not at reading. */
const wellMs = 2_000;
const reconnectMsMax = 2_000;
/** Longest that the start waits for the first connection. */
const firstConnectMs = 1_000;

/** Opens the link. Resolves whether Redis is there or not: the gateway starts without it. */
export async function openRedisLink(options: RedisLinkOptions): Promise<RedisLink> {
  const { url, clock, log, observer } = options;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: firstConnectMs,
    commandTimeout: commandTimeoutMs,
    disconnectTimeout: commandTimeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attemptNumber) => Math.min(50 * 2 ** attemptNumber, reconnectMsMax),
  });
  const listeners: (() => void)[] = [];
  let isAway = false;
  let failedAtMs = Number.NEGATIVE_INFINITY;

  function goAway(error: unknown): void {
    failedAtMs = clock.now();
    if (isAway) return;
    isAway = true;
    log.warn(
      { reason: toReason(error), trouble: toTrouble(error) },
      'Redis cannot be used; this process goes on by itself',
    );
  }

  function comeBack(): void {
    if (!isAway || clock.now() - failedAtMs < wellMs) return;
    isAway = false;
    log.info({}, 'Redis is used again');
    for (const listener of listeners) listener();
  }

  // Without a listener ioredis prints errors itself; what matters is told by commands that fail.
  let connectError: unknown = null;
  redis.on('error', (error) => {
    connectError = error;
  });
  redis.on('ready', () => {
    connectError = null;
    failedAtMs = Number.NEGATIVE_INFINITY;
    comeBack();
  });
  // ioredis rejects with less than it has told before.
  await redis.connect().catch((error) => goAway(connectError ?? error));

  return {
    async run(use, without) {
      if (redis.status !== 'ready') {
        observer?.commanded(null, toTrouble(connectError));
        goAway(connectError);
        return without();
      }
      if (Math.abs(clock.now() - failedAtMs) < awayMs) {
        observer?.skipped();
        return without();
      }
      const startedAt = performance.now();
      try {
        const result = await use(redis);
        observer?.commanded(performance.now() - startedAt, null);
        comeBack();
        return result;
      } catch (error) {
        observer?.commanded(performance.now() - startedAt, toTrouble(error));
        goAway(error);
        return without();
      }
    },
    onBack(listener) {
      listeners.push(listener);
    },
    report: () => ({ isUsed: redis.status === 'ready' && !isAway }),
    close: () => redis.disconnect(),
  };
}
