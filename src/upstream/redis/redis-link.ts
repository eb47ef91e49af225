import type { RedisServer } from '../../domain/redis-server.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RedisReport } from '../../ports/upstream-report.ts';
import type { RedisObserver } from '../../ports/upstream-telemetry.ts';
import { createAvailability } from './availability.ts';
import { connectMsMax, createRedisClient, isCluster, type RedisClient } from './redis-client.ts';
import { isOfCluster, toReason, toTrouble } from './redis-errors.ts';
import { type RedisWait, waitMsOf } from './redis-wait.ts';
import { createResponseMonitor } from './response-monitor.ts';

/** Logs when Redis becomes unavailable or available; a pino logger fits. */
export interface RedisLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** The connection to a Redis that may be slow, full, restarted or unreachable. */
export interface RedisLink {
  /**
   * Returns the result of `use`, or that of `without` when Redis is unavailable. Rejects only if `without` does. When
   * the connection breaks, `use` is called again unless `wait` is `brief`; the first call may have taken effect
   * already.
   */
  run<T>(
    use: (redis: RedisClient) => Promise<T>,
    without: () => T | Promise<T>,
    /** Default `brief`. */
    wait?: RedisWait,
  ): Promise<T>;
  /** Calls `listener` when Redis is available again or has a new connection: it may have lost everything. */
  onAvailable(listener: () => void): void;
  /** Calls `listener` about once a second while Redis answers. */
  onBeat(listener: () => void): void;
  report(): RedisReport;
  close(): void;
}

/**
 * What a process sends to Redis once a second, so that other replicas know of it and it learns whether writes succeed.
 */
export interface Heartbeat {
  beat(redis: RedisClient): Promise<unknown>;
  /** Signs off when the process stops. */
  leave(redis: RedisClient): Promise<unknown>;
}

export interface RedisLinkOptions {
  /** A single server that turns out to be a node of a Cluster is used as one. */
  readonly server: RedisServer;
  readonly clock: Clock;
  readonly log: RedisLog;
  readonly observer?: RedisObserver;
  /** Longest wait for a `brief` wait; default 1,000. A local Redis answers within 1 ms. */
  readonly timeoutMs?: number;
  /** Default: a `PING`. */
  readonly heartbeat?: Heartbeat;
}

const timeoutMsDefault = 1_000;
const beatMs = 1_000;
/** How soon a Redis in trouble is asked again. */
const unavailableBeatMs = 250;
/** Delay between a broken connection and the next try. */
const reconnectDelayMs = 20;
const ping: Heartbeat = { beat: (redis) => redis.ping(), leave: async () => {} };

/** Opens the link. Resolves even when Redis is unavailable: the gateway starts without it. */
export async function openRedisLink(options: RedisLinkOptions): Promise<RedisLink> {
  const { server, clock, log, observer, timeoutMs = timeoutMsDefault, heartbeat = ping } = options;
  const waitsMs = waitMsOf(timeoutMs);
  const availability = createAvailability(timeoutMs);
  let redis = createRedisClient(server, timeoutMs);
  let responses = createResponseMonitor(redis, clock);
  const availableListeners: (() => void)[] = [];
  const beatListeners: (() => void)[] = [];
  let isAway = false;
  /** The new connection may lead to a Redis that has lost what this process wrote. */
  let isNewConnection = false;
  let isClosed = false;
  /** Since when connections have broken, or led to a server that is not the primary, without a write in between. */
  let goneSinceMs: number | null = null;
  let wake = new AbortController();

  function markAway(error: unknown): void {
    if (isAway || isClosed) return;
    isAway = true;
    log.warn(
      { reason: toReason(error), trouble: toTrouble(error) },
      'Redis is unavailable; this process continues without it',
    );
  }

  function markAvailable(): void {
    if (!(isAway || isNewConnection) || !availability.isUsed()) return;
    if (isAway) log.info({}, 'Redis is available again');
    isAway = false;
    isNewConnection = false;
    for (const listener of availableListeners) listener();
  }

  const goneForMs = () => (goneSinceMs === null ? 0 : clock.now() - goneSinceMs);

  /** Notes why a command failed. */
  function noteFailure(error: unknown, waitMs: number): void {
    const trouble = toTrouble(error);
    if (trouble === 'SLOW') availability.unanswered(waitMs);
    else if (trouble === 'GONE') availability.disconnected();
    else if (trouble === 'FULL' || trouble === 'REFUSED') availability.refused();
    // Perhaps only one value is wrong. The next heartbeat finds out, and is sent at once.
    else wake.abort();
    if (trouble !== 'OTHER') markAway(error);
  }

  let connectError: unknown = null;
  function listen(client: RedisClient): void {
    // Without a listener ioredis prints errors itself; failed commands report what matters.
    client.on('error', (error) => {
      connectError = error;
    });
    client.on('ready', () => {
      connectError = null;
      availability.connected();
      isNewConnection = true;
      wake.abort();
    });
  }
  listen(redis);

  /** Changes to a Cluster client, after a single server redirected a command: it is a node of a Cluster. */
  async function changeToCluster(): Promise<void> {
    if (isCluster(redis)) return;
    redis.disconnect();
    redis = createRedisClient({ ...server, kind: 'CLUSTER', database: 0 }, timeoutMs);
    responses = createResponseMonitor(redis, clock);
    listen(redis);
    await responses.within(redis.connect(), connectMsMax).catch(() => {});
  }

  async function beat(): Promise<void> {
    if (redis.status !== 'ready') {
      if (responses.unansweredMs() < timeoutMs) return;
      availability.disconnected();
      return markAway(connectError);
    }
    const startedAt = performance.now();
    try {
      // Waits as long as the connection lasts: a late reply shows how slow Redis is.
      await responses.observe(heartbeat.beat(redis));
    } catch (error) {
      const trouble = toTrouble(error);
      observer?.commanded(performance.now() - startedAt, trouble);
      // A broken connection may be back in a moment.
      if (trouble === 'GONE') {
        goneSinceMs ??= clock.now();
        return;
      }
      if (isOfCluster(error) && !isCluster(redis)) return changeToCluster();
      availability.refused();
      return markAway(error);
    }
    goneSinceMs = null;
    availability.answered(performance.now() - startedAt);
    markAvailable();
    for (const listener of beatListeners) listener();
  }

  async function keepBeating(): Promise<void> {
    while (!isClosed) {
      wake = new AbortController();
      await beat();
      if (!isClosed) await clock.sleep(isAway ? unavailableBeatMs : beatMs, wake.signal).catch(() => {});
    }
  }

  try {
    await responses.within(redis.connect(), connectMsMax);
  } catch (error) {
    availability.disconnected();
    // The `error` event says more than the rejection.
    markAway(connectError ?? error);
  }
  void keepBeating();

  /** Whether there is a connection; unless `wait` is `brief`, waits for one. */
  async function isConnected(wait: RedisWait): Promise<boolean> {
    if (redis.status === 'ready') return true;
    const waitedMs = Math.max(responses.unansweredMs(), goneForMs());
    return wait !== 'brief' && responses.untilReady(waitsMs[wait] - waitedMs);
  }

  return {
    async run(use, without, wait = 'brief') {
      const waitMs = waitsMs[wait];
      const askedAtMs = clock.now();
      for (;;) {
        if (!(await isConnected(wait))) {
          observer?.commanded(null, toTrouble(connectError));
          availability.disconnected();
          markAway(connectError);
          return without();
        }
        if (!availability.mayTry(waitMs)) {
          observer?.skipped();
          return without();
        }
        const startedAt = performance.now();
        try {
          // A Redis that has not answered for that long gets only short waits.
          const result = await responses.within(
            use(redis),
            responses.unansweredMs() < waitMs ? waitMs : timeoutMs,
          );
          observer?.commanded(performance.now() - startedAt, null);
          return result;
        } catch (error) {
          const trouble = toTrouble(error);
          observer?.commanded(performance.now() - startedAt, trouble);
          if (isOfCluster(error) && !isCluster(redis)) {
            await changeToCluster();
            continue;
          }
          if (trouble === 'GONE') goneSinceMs ??= clock.now();
          const waitedMs = Math.max(clock.now() - askedAtMs, goneForMs());
          const mayWait = trouble === 'GONE' && wait !== 'brief' && waitedMs < waitMs;
          if (!mayWait) {
            noteFailure(error, waitMs);
            return without();
          }
          await clock.sleep(reconnectDelayMs);
        }
      }
    },
    onAvailable(listener) {
      availableListeners.push(listener);
    },
    onBeat(listener) {
      beatListeners.push(listener);
    },
    report: () => ({ isUsed: redis.status === 'ready' && !isAway }),
    close() {
      isClosed = true;
      wake.abort();
      const leaving = redis.status === 'ready' ? heartbeat.leave(redis) : Promise.resolve();
      void responses
        .within(leaving, timeoutMs)
        .catch(() => {})
        .finally(() => redis.disconnect());
    },
  };
}
