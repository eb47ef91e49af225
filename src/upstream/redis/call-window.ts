import { randomUUID } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import { type CallRate, type CallWindow, createCallWindow, type Slot, windowMs } from '../index.ts';
import { createOfflineWindow, type SlotsSeen } from './offline-window.ts';
import { type RedisClient, sharedPart } from './redis-client.ts';
import type { RedisLink } from './redis-link.ts';
import type { ReplicaPresence } from './replica-presence.ts';
import { countFromNowScript, takeScript } from './slot-script.ts';

export interface RedisCallWindowOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  /** Name of the window, the same for every replica. */
  readonly name: string;
  readonly rate: CallRate;
  readonly presence: Pick<ReplicaPresence, 'size' | 'missing'>;
}

/** Most slots that one request asks for; one operation rarely makes more calls. */
const countMax = 50;
/** Own slots younger than this must be in Redis; older ones may have expired there a little earlier than here. */
const surelyKeptMs = windowMs - 5_000;
/** By this time after Redis has lost its slots, every replica has reported its own again. */
const settledMs = 2_000;

const nothing = () => null;

type Outcome = 'TAKEN' | 'SPENT' | 'SPREAD' | 'ASKED_TO_WAIT';
type TakeReply = readonly [Outcome, number, number, ...number[]] | readonly ['LOST'];

/**
 * A window shared by all replicas. While Redis is unavailable, each replica takes no more than its share of the rate;
 * the replicas that still reach Redis leave the shares of the missing ones free.
 */
export function createRedisCallWindow(options: RedisCallWindowOptions): CallWindow {
  const { link, clock, name, rate, presence } = options;
  const offline = createOfflineWindow(rate, presence.size, clock);
  /** Every slot of this replica, in case Redis loses them. */
  const own = createCallWindow(() => rate, clock);
  /** Slots that Redis does not know yet: ticket and time. */
  let unshared = new Map<string, number>();
  let seen: SlotsSeen | null = null;
  let isOffline = true;
  let lostAtMs = Number.NEGATIVE_INFINITY;
  const settlingMs = () => lostAtMs + settledMs - clock.now();
  const slotsKey = (redis: RedisClient) => `${sharedPart(redis, name)}:slots`;
  const pauseKey = (redis: RedisClient) => `${sharedPart(redis, name)}:pause`;

  function sharedLimit(): number {
    const share = Math.floor(rate.callsPerMinute / presence.size());
    return Math.max(1, rate.callsPerMinute - presence.missing() * share);
  }

  /** `atMs` is no later than the time at which Redis counts the slot. */
  function note(ticket: string, atMs: number): void {
    own.note(ticket, atMs);
    if (isOffline) unshared.set(ticket, atMs);
  }

  /** Asks Redis for `count` slots; 0 only reports the slots that Redis does not know. Null without Redis. */
  async function ask(count: number, isUrgent: boolean): Promise<Slot | null> {
    const tickets = Array.from({ length: count }, () => randomUUID());
    const askedAtMs = clock.now();
    const reply = await send(tickets, isUrgent);
    if (reply === null) return null;
    if (reply[0] === 'LOST') {
      if (settlingMs() <= 0) lostAtMs = clock.now();
      unshareAll();
      await send([], false);
      return { waitMs: Math.max(1, settlingMs()), because: 'SPENT' };
    }
    const [outcome, waitMs, granted, ...groups] = reply;
    isOffline = false;
    seen = { atMs: clock.now(), groups };
    offline.startFrom(seen);
    const [ticket, ...further] = tickets.slice(0, granted);
    for (const taken of tickets.slice(0, granted)) note(taken, askedAtMs);
    if (outcome !== 'TAKEN') return { waitMs: Math.max(1, waitMs), because: outcome };
    return { ticket: ticket ?? '', further };
  }

  function send(tickets: readonly string[], isUrgent: boolean): Promise<TakeReply | null> {
    return link.run<TakeReply | null>(
      async (redis) => {
        const nowMs = clock.now();
        const shared = [...unshared];
        const added = shared.flatMap(([ticket, atMs]) => [ticket, Math.max(0, nowMs - atMs)]);
        const kept = own
          .taken()
          .findLast(({ ticket, atMs }) => !unshared.has(ticket) && nowMs - atMs < surelyKeptMs);
        const limit = sharedLimit();
        const reply = await redis.eval(
          takeScript,
          2,
          ...[
            slotsKey(redis),
            pauseKey(redis),
            limit,
            Math.min(rate.burst, limit),
            windowMs,
            isUrgent ? '1' : '0',
          ],
          ...[tickets.length, kept?.ticket ?? '', shared.length, ...added, ...tickets],
        );
        for (const [ticket, atMs] of shared) if (unshared.get(ticket) === atMs) unshared.delete(ticket);
        return reply as TakeReply;
      },
      () => null,
      'slot',
    );
  }

  function unshareAll(): void {
    unshared = new Map(own.taken().map(({ ticket, atMs }) => [ticket, atMs]));
  }

  let isReporting = false;
  /** Reports to Redis the slots that were taken without it, and reads those of the other replicas. */
  async function reportSlots(): Promise<void> {
    if (isReporting) return;
    isReporting = true;
    await ask(0, false);
    isReporting = false;
  }

  link.onAvailable(() => void reportSlots());
  link.onBeat(() => {
    if (unshared.size > 0 || (seen !== null && clock.now() - seen.atMs > 1_000)) void reportSlots();
  });

  return {
    async take(isUrgent, count = 1) {
      // Slots of the other replicas may still be missing.
      if (settlingMs() > 0) return { waitMs: settlingMs(), because: 'SPENT' };
      const slot = await ask(isUrgent ? 1 : Math.min(count, countMax), isUrgent);
      if (slot !== null) return slot;
      isOffline = true;
      const offlineSlot = await offline.take(isUrgent);
      if ('ticket' in offlineSlot) note(offlineSlot.ticket, clock.now());
      return offlineSlot;
    },
    takeAtOnce: () => null,
    left() {
      if (isOffline || seen === null) return offline.left();
      const used = seen.groups.reduce((sum, count) => sum + count, 0);
      // Every slot seen then has expired since.
      const isOver = clock.now() - seen.atMs >= windowMs;
      return isOver ? rate.callsPerMinute : Math.max(0, sharedLimit() - used);
    },
    giveBack(ticket) {
      offline.giveBack(ticket);
      own.giveBack(ticket);
      unshared.delete(ticket);
      void link.run(
        (redis) => redis.zrem(slotsKey(redis), ticket),
        () => 0,
      );
    },
    ended(ticket) {
      offline.ended(ticket);
      if (!own.ended(ticket)) return;
      if (unshared.has(ticket)) unshared.set(ticket, clock.now());
      void link.run((redis) => redis.eval(countFromNowScript, 1, slotsKey(redis), ticket), nothing, 'slot');
    },
    pause(ms) {
      offline.pause(ms);
      void link.run(
        (redis) => redis.set(pauseKey(redis), '1', 'PX', Math.max(1, Math.round(ms))),
        () => null,
      );
    },
  };
}
