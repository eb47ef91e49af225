import { Redis } from 'ioredis';
import type { Clock } from '../../ports/clock.ts';
import type { RedisReport } from '../../ports/upstream-report.ts';
import type { RedisObserver } from '../../ports/upstream-telemetry.ts';
import { toReason, toTrouble } from './redis-errors.ts';
import { createSilence } from './silence.ts';

/** Where the fleet reports whether it can use Redis; a pino logger is one. */
export interface RedisLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * How long somebody waits for Redis before going on without it. `brief`: nothing is lost without. `slot`: a call of
 * the budget that others do not know of is at stake. `token`: a token that somebody else uses is at stake, because
 * going on without may mint another.
 */
export type Patience = 'brief' | 'slot' | 'token';

/** The way to a Redis that may be slow, full, restarted or gone. */
export interface RedisLink {
  /**
   * What `use` gives, or what `without` gives when Redis cannot be used now. Rejects only if `without` does. When the
   * connection breaks, `use` is called again for who is patient: it may have taken effect already.
   */
  run<T>(
    use: (redis: Redis) => Promise<T>,
    without: () => T | Promise<T>,
    /** Default `brief`. */
    patience?: Patience,
  ): Promise<T>;
  /** Calls `listener` whenever Redis can be used again after it could not be. */
  onBack(listener: () => void): void;
  report(): RedisReport;
  close(): void;
}

export interface RedisLinkOptions {
  /** `redis://` or `rediss://`; ioredis takes further options as query parameters, `keyPrefix` for one. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: RedisLog;
  readonly observer?: RedisObserver;
  /** Longest wait of somebody who loses nothing without Redis; default 250. A local one answers within 1 ms. */
  readonly timeoutMs?: number;
}

const timeoutMsDefault = 250;
/** Longest waits of those who would lose something, when `timeoutMs` is not longer. */
const slotMs = 1_000;
const tokenMs = 5_000;
/** How long a Redis that failed somebody is left alone by all who are no more patient. */
const awayMs = 1_000;
/** How long nothing may fail before Redis counts as back: one that is full fails at writing and not at reading. */
const wellMs = 2_000;
const reconnectMsMax = 2_000;
/** Longest that the start waits for the first connection. */
const firstConnectMs = 1_000;
/** Between the break of a connection and the look for another one. */
const breathMs = 20;
/** A connection on which nothing was answered for so long is replaced. */
const hungMs = 10_000;

/** Opens the link. Resolves whether Redis is there or not: the gateway starts without it. */
export async function openRedisLink(options: RedisLinkOptions): Promise<RedisLink> {
  const { url, clock, log, observer, timeoutMs = timeoutMsDefault } = options;
  const patienceMs: Readonly<Record<Patience, number>> = {
    brief: timeoutMs,
    slot: Math.max(timeoutMs, slotMs),
    token: Math.max(timeoutMs, tokenMs),
  };
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: firstConnectMs,
    socketTimeout: hungMs,
    disconnectTimeout: timeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attemptNumber) => Math.min(50 * 2 ** attemptNumber, reconnectMsMax),
  });
  const listeners: (() => void)[] = [];
  const silence = createSilence(redis, clock);
  let isAway = false;
  let failedAtMs = Number.NEGATIVE_INFINITY;
  /** Whoever is no more patient than this leaves Redis alone for a while after the failure. */
  let failedPatienceMs = 0;

  function goAway(error: unknown, waitedMs: number): void {
    failedPatienceMs = isLeftAlone(failedPatienceMs) ? Math.max(failedPatienceMs, waitedMs) : waitedMs;
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

  const isLeftAlone = (waitMs: number) =>
    Math.abs(clock.now() - failedAtMs) < awayMs && waitMs <= failedPatienceMs;

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
  try {
    await silence.inTime(redis.connect(), firstConnectMs);
  } catch (error) {
    // ioredis rejects with less than it has told before.
    goAway(connectError ?? error, timeoutMs);
  }

  /** Whether there is a connection, or one comes in the time that is left to somebody who has something to lose. */
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
          goAway(connectError, waitMs);
          return without();
        }
        if (isLeftAlone(waitMs)) {
          observer?.skipped();
          return without();
        }
        const startedAt = performance.now();
        try {
          // Who has been waited for that long already gets one more short chance now and then.
          const result = await silence.inTime(use(redis), silence.ms() < waitMs ? waitMs : timeoutMs);
          const tookMs = performance.now() - startedAt;
          observer?.commanded(tookMs, null);
          // An answer that only the patient waited for does not make it well.
          if (tookMs <= timeoutMs) comeBack();
          return result;
        } catch (error) {
          const trouble = toTrouble(error);
          observer?.commanded(performance.now() - startedAt, trouble);
          const isUnheard = trouble === 'SLOW' || trouble === 'GONE';
          const mayWait = trouble === 'GONE' && patience !== 'brief' && clock.now() - askedAtMs < waitMs;
          // Where it did answer, waiting for longer would not help.
          goAway(error, mayWait ? 0 : isUnheard ? waitMs : Number.POSITIVE_INFINITY);
          if (!mayWait) return without();
          await clock.sleep(breathMs);
        }
      }
    },
    onBack(listener) {
      listeners.push(listener);
    },
    report: () => ({ isUsed: redis.status === 'ready' && !isAway }),
    close: () => redis.disconnect(),
  };
}
