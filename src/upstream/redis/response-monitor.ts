import { setImmediate as nextTick } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import type { RedisClient } from './redis-client.ts';
import { commandTimedOut, toTrouble } from './redis-errors.ts';

/** Measures for how long Redis has not answered, or could not be reached. */
export interface ResponseMonitor {
  /** Milliseconds since the first unanswered command; 0 while Redis answers, however late. */
  unansweredMs(): number;
  /**
   * Resolves with Redis's reply if it comes within `waitMs`, else rejects. A later reply still resets the measurement.
   */
  within<T>(reply: Promise<T>, waitMs: number): Promise<T>;
  /** Returns the same reply, however late it comes, and resets the measurement then. */
  observe<T>(reply: Promise<T>): Promise<T>;
  /** Waits up to `waitMs` for a connection; returns whether there is one. */
  untilReady(waitMs: number): Promise<boolean>;
}

export function createResponseMonitor(redis: RedisClient, clock: Clock): ResponseMonitor {
  let sinceMs: number | null = clock.now();
  let repliedAtMs = Number.NEGATIVE_INFINITY;
  let isConnected = false;
  let connection = Promise.withResolvers<void>();

  function noteReply(): void {
    sinceMs = null;
    repliedAtMs = clock.now();
  }

  function observe<T>(reply: Promise<T>): Promise<T> {
    reply.then(noteReply, (error) => {
      if (toTrouble(error) !== 'GONE') noteReply();
    });
    return reply;
  }

  redis.on('ready', () => {
    noteReply();
    isConnected = true;
    connection.resolve();
  });
  redis.on('close', () => {
    sinceMs ??= clock.now();
    // Failed connection attempts emit `close` too; callers that wait for a connection keep waiting.
    if (isConnected) connection = Promise.withResolvers<void>();
    isConnected = false;
  });
  redis.on('end', () => connection.resolve());

  /** The result of `task`, or null when it takes longer than `waitMs`. */
  async function resultWithin<T>(task: Promise<T>, waitMs: number): Promise<{ readonly value: T } | null> {
    const timer = new AbortController();
    const timeout = async () => {
      await clock.sleep(waitMs, timer.signal);
      // If this process itself was busy, it first reads the replies that arrived meanwhile.
      await nextTick();
      return null;
    };
    try {
      return await Promise.race([task.then((value) => ({ value })), timeout()]);
    } finally {
      timer.abort();
    }
  }

  return {
    unansweredMs: () => (sinceMs === null ? 0 : Math.max(0, clock.now() - sinceMs)),
    observe,
    async within(reply, waitMs) {
      const askedAtMs = clock.now();
      const found = await resultWithin(observe(reply), waitMs);
      if (found !== null) return found.value;
      if (repliedAtMs < askedAtMs) sinceMs ??= askedAtMs;
      throw commandTimedOut();
    },
    async untilReady(waitMs) {
      if (waitMs <= 0) return false;
      await resultWithin(connection.promise, waitMs);
      return redis.status === 'ready';
    },
  };
}
