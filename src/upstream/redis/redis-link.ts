import { Redis } from 'ioredis';
import type { Clock } from '../../ports/clock.ts';
import type { RedisReport } from '../../ports/upstream-report.ts';
import type { RedisObserver } from '../../ports/upstream-telemetry.ts';
import { toReason, toTrouble } from './redis-errors.ts';
import { createSilence } from './silence.ts';

/** Logs when Redis becomes unavailable or available; a pino logger fits. */
export interface RedisLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * How long a command waits for Redis before its caller continues without. `brief`: that costs nothing. `slot`: that makes a
 * call which other replicas do not count. `token`: that may request a second token, which can revoke the one in use.
 */
export type Patience = 'brief' | 'slot' | 'token';

/** The connection to a Redis that may be slow, full, restarted or unreachable. */
export interface RedisLink {
  /**
   * Returns the result of `use`, or of `without` when Redis is unavailable. Rejects only if `without` does. When the
   * connection breaks, `use` is called again unless `patience` is `brief`: it may have taken effect already.
   */
  run<T>(
    use: (redis: Redis) => Promise<T>,
    without: () => T | Promise<T>,
    /** Default `brief`. */
    patience?: Patience,
  ): Promise<T>;
  /** Calls `listener` whenever Redis becomes available again. */
  onAvailable(listener: () => void): void;
  report(): RedisReport;
  close(): void;
}

export interface RedisLinkOptions {
  /** `redis://` or `rediss://`; ioredis takes further options as query parameters, `keyPrefix` for one. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: RedisLog;
  readonly observer?: RedisObserver;
  /** Longest wait with `brief` patience; default 250. A local Redis answers within 1 ms. */
  readonly timeoutMs?: number;
}

const timeoutMsDefault = 250;
/** Longest waits with `slot` and `token` patience, unless `timeoutMs` is longer. */
const slotMs = 1_000;
const tokenMs = 5_000;
/** How long Redis is skipped after a failure, by commands that would wait no longer than the one that failed. */
const skipMs = 1_000;
/** How long no command may fail before Redis counts as available: a full Redis still answers reads. */
const recoveryMs = 2_000;
const reconnectMsMax = 2_000;
/** Longest wait for the first connection at start-up. */
const connectMsMax = 1_000;
/** Delay between a broken connection and the next try. */
const reconnectDelayMs = 20;
/** A connection without replies for this long is replaced. */
const hungConnectionMs = 10_000;

/** Opens the link. Resolves even when Redis is unavailable: the gateway starts without it. */
export async function openRedisLink(options: RedisLinkOptions): Promise<RedisLink> {
  const { url, clock, log, observer, timeoutMs = timeoutMsDefault } = options;
  const patienceMs: Readonly<Record<Patience, number>> = {
    brief: timeoutMs,
    slot: Math.max(timeoutMs, slotMs),
    token: Math.max(timeoutMs, tokenMs),
  };
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectMsMax,
    socketTimeout: hungConnectionMs,
    disconnectTimeout: timeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attemptNumber) => Math.min(50 * 2 ** attemptNumber, reconnectMsMax),
  });
  const listeners: (() => void)[] = [];
  const silence = createSilence(redis, clock);
  let isUnavailable = false;
  let failedAtMs = Number.NEGATIVE_INFINITY;
  /** Commands that would wait no longer than this skip Redis for a while after the failure. */
  let failedPatienceMs = 0;

  function markUnavailable(error: unknown, waitedMs: number): void {
    failedPatienceMs = isSkipped(failedPatienceMs) ? Math.max(failedPatienceMs, waitedMs) : waitedMs;
    failedAtMs = clock.now();
    if (isUnavailable) return;
    isUnavailable = true;
    log.warn(
      { reason: toReason(error), trouble: toTrouble(error) },
      'Redis is unavailable; this process continues without it',
    );
  }

  function markAvailable(): void {
    if (!isUnavailable || clock.now() - failedAtMs < recoveryMs) return;
    isUnavailable = false;
    log.info({}, 'Redis is available again');
    for (const listener of listeners) listener();
  }

  const isSkipped = (waitMs: number) =>
    Math.abs(clock.now() - failedAtMs) < skipMs && waitMs <= failedPatienceMs;

  // Without a listener ioredis prints errors itself; failed commands report what matters.
  let connectError: unknown = null;
  redis.on('error', (error) => {
    connectError = error;
  });
  redis.on('ready', () => {
    connectError = null;
    failedAtMs = Number.NEGATIVE_INFINITY;
    markAvailable();
  });
  try {
    await silence.inTime(redis.connect(), connectMsMax);
  } catch (error) {
    // The `error` event says more than the rejection.
    markUnavailable(connectError ?? error, timeoutMs);
  }

  /** Whether there is a connection; unless `patience` is `brief`, waits for one. */
  async function isConnected(patience: Patience): Promise<boolean> {
    if (redis.status === 'ready') return true;
    return patience !== 'brief' && silence.untilReady(patienceMs[patience] - silence.ms());
  }

  return {
    async run(use, without, patience = 'brief') {
      const waitMs = patienceMs[patience];
      const askedAtMs = clock.now();
      for (;;) {
        if (!(await isConnected(patience))) {
          observer?.commanded(null, toTrouble(connectError));
          markUnavailable(connectError, waitMs);
          return without();
        }
        if (isSkipped(waitMs)) {
          observer?.skipped();
          return without();
        }
        const startedAt = performance.now();
        try {
          // A Redis that has already been silent for that long gets only short waits.
          const result = await silence.inTime(use(redis), silence.ms() < waitMs ? waitMs : timeoutMs);
          const tookMs = performance.now() - startedAt;
          observer?.commanded(tookMs, null);
          // A reply later than `timeoutMs` does not make Redis available for everybody.
          if (tookMs <= timeoutMs) markAvailable();
          return result;
        } catch (error) {
          const trouble = toTrouble(error);
          observer?.commanded(performance.now() - startedAt, trouble);
          const isUnanswered = trouble === 'SLOW' || trouble === 'GONE';
          const mayWait = trouble === 'GONE' && patience !== 'brief' && clock.now() - askedAtMs < waitMs;
          // An error reply concerns every command, however long it would wait.
          markUnavailable(error, mayWait ? 0 : isUnanswered ? waitMs : Number.POSITIVE_INFINITY);
          if (!mayWait) return without();
          await clock.sleep(reconnectDelayMs);
        }
      }
    },
    onAvailable(listener) {
      listeners.push(listener);
    },
    report: () => ({ isUsed: redis.status === 'ready' && !isUnavailable }),
    close: () => redis.disconnect(),
  };
}
