import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Clock } from '../../ports/clock.ts';
import { commandTimedOut, toTrouble } from './redis-errors.ts';

/** Follows for how long Redis has said nothing although it was asked, or could not be. */
export interface Silence {
  /** Milliseconds; 0 while Redis answers, however late. */
  ms(): number;
  /** What Redis answers within `waitMs`; an answer that comes later still ends the silence. */
  inTime<T>(reply: Promise<T>, waitMs: number): Promise<T>;
  /** Whether there is a connection now or within `waitMs`. */
  untilReady(waitMs: number): Promise<boolean>;
}

export function createSilence(redis: Redis, clock: Clock): Silence {
  let sinceMs: number | null = clock.now();
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let isConnected = false;
  let connection = Promise.withResolvers<void>();

  function hear(): void {
    sinceMs = null;
    heardAtMs = clock.now();
  }

  redis.on('ready', () => {
    hear();
    isConnected = true;
    connection.resolve();
  });
  redis.on('close', () => {
    sinceMs ??= clock.now();
    // Attempts that fail close too; whoever waits for a connection waits on.
    if (isConnected) connection = Promise.withResolvers<void>();
    isConnected = false;
  });
  redis.on('end', () => connection.resolve());

  /** What `task` gives, or null when it takes longer than `waitMs`. */
  async function within<T>(task: Promise<T>, waitMs: number): Promise<{ readonly value: T } | null> {
    const timer = new AbortController();
    const timeIsOver = async () => {
      await clock.sleep(waitMs, timer.signal);
      // A process that was busy itself reads first what has come meanwhile.
      await nextTurn();
      return null;
    };
    try {
      return await Promise.race([task.then((value) => ({ value })), timeIsOver()]);
    } finally {
      timer.abort();
    }
  }

  return {
    ms: () => (sinceMs === null ? 0 : Math.max(0, clock.now() - sinceMs)),
    async inTime(reply, waitMs) {
      const askedAtMs = clock.now();
      reply.then(hear, (error) => {
        if (toTrouble(error) !== 'GONE') hear();
      });
      const found = await within(reply, waitMs);
      if (found !== null) return found.value;
      if (heardAtMs < askedAtMs) sinceMs ??= askedAtMs;
      throw commandTimedOut();
    },
    async untilReady(waitMs) {
      if (waitMs <= 0) return false;
      await within(connection.promise, waitMs);
      return redis.status === 'ready';
    },
  };
}
