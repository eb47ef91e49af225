import { randomUUID } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import { type CallRate, type CallWindow, createCallWindow, type Slot, windowMs } from '../index.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisCallWindowOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  /** Name of the window, the same for every replica. */
  readonly name: string;
  readonly rate: CallRate;
}

/**
 * The rule of `createCallWindow` for the slots of all replicas, by Redis's clock. Also counts the replicas that asked in
 * the last 61 seconds. KEYS: slots, pause, replicas. ARGV: limit, burst, window, ticket, urgent, replica.
 */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, burst, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZADD', KEYS[3], now, ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - window)
redis.call('PEXPIRE', KEYS[3], window)
local replicas = redis.call('ZCARD', KEYS[3])
local paused = redis.call('PTTL', KEYS[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = redis.call('ZCARD', KEYS[1])
local free = limit - used
if paused > 0 then return {'ASKED_TO_WAIT', paused, replicas, free} end
local function at(index) return tonumber(redis.call('ZRANGE', KEYS[1], index, index, 'WITHSCORES')[2]) end
if free <= 0 then return {'SPENT', at(0) + window - now, replicas, 0} end
if ARGV[5] == '0' and used >= burst and used > 0 and free <= used then
  local newest = at(-1)
  local wait = math.ceil(newest + (at(free - 1) + window - newest) / (2 * free) - now)
  if wait > 0 then return {'SPREAD', wait, replicas, free} end
end
redis.call('ZADD', KEYS[1], now, ARGV[4])
redis.call('PEXPIRE', KEYS[1], window)
return {'TAKEN', 0, replicas, free - 1}`;

/** A window shared by all replicas. While Redis is unavailable, each replica takes no more than its share of the rate. */
export function createRedisCallWindow({ link, clock, name, rate }: RedisCallWindowOptions): CallWindow {
  const replica = randomUUID();
  let replicaCount = 1;
  /** Slots left for all replicas, as Redis last said. */
  let lastSeen: { readonly left: number; readonly atMs: number } | null = null;
  const own = createCallWindow(() => shareOf(rate, replicaCount), clock);
  const slotsKey = `${name}:slots`;
  const pauseKey = `${name}:pause`;

  /** Resolves when Redis has this replica's slots again. */
  let slotsRestored: Promise<unknown> = Promise.resolve();
  // A Redis that was restarted has lost the slots; every replica puts its own back.
  link.onAvailable(() => {
    const slots = own.taken().flatMap(({ ticket, atMs }) => [atMs, ticket]);
    if (slots.length === 0) return;
    slotsRestored = link.run(
      (redis) =>
        redis
          .multi()
          .zadd(slotsKey, 'NX', ...slots)
          .pexpire(slotsKey, windowMs)
          .exec(),
      () => null,
    );
  });

  async function takeShared(isUrgent: boolean, ticket: string): Promise<Slot | null> {
    await slotsRestored;
    return link.run<Slot | null>(
      async (redis) => {
        const reply = await redis.eval(
          takeScript,
          3,
          ...[slotsKey, pauseKey, `${name}:replicas`],
          ...[rate.callsPerMinute, rate.burst, windowMs, ticket, isUrgent ? '1' : '0', replica],
        );
        const [outcome, waitMs, replicas, left] = reply as [
          'TAKEN' | 'SPENT' | 'SPREAD' | 'ASKED_TO_WAIT',
          number,
          number,
          number,
        ];
        replicaCount = Math.max(1, replicas);
        lastSeen = { left: Math.max(0, left), atMs: clock.now() };
        return outcome === 'TAKEN' ? { ticket } : { waitMs: Math.max(1, waitMs), because: outcome };
      },
      () => null,
      'slot',
    );
  }

  return {
    async take(isUrgent) {
      const ticket = randomUUID();
      const slot = await takeShared(isUrgent, ticket);
      if (slot === null) {
        lastSeen = null;
        return own.take(isUrgent);
      }
      if ('ticket' in slot) own.note(ticket);
      return slot;
    },
    takeAtOnce: () => null,
    left() {
      if (lastSeen === null) return own.left();
      // Every slot that was taken then has expired.
      return clock.now() - lastSeen.atMs < windowMs ? lastSeen.left : rate.callsPerMinute;
    },
    giveBack(ticket) {
      own.giveBack(ticket);
      void link.run(
        (redis) => redis.zrem(slotsKey, ticket),
        () => 0,
      );
    },
    pause(ms) {
      own.pause(ms);
      void link.run(
        (redis) => redis.set(pauseKey, '1', 'PX', Math.max(1, Math.round(ms))),
        () => null,
      );
    },
  };
}

function shareOf({ callsPerMinute, burst }: CallRate, replicaCount: number): CallRate {
  const share = Math.max(1, Math.floor(callsPerMinute / replicaCount));
  return { callsPerMinute: share, burst: Math.min(share, Math.ceil(burst / replicaCount)) };
}
