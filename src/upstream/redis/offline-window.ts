import type { Clock } from '../../ports/clock.ts';
import { type CallRate, createCallWindow, type ProcessCallWindow, type Slot, windowMs } from '../index.ts';
import { ageGroups } from './slot-script.ts';

/** The slots of all replicas in the last reply of Redis: how many are in each age group, newest first. */
export interface SlotsSeen {
  readonly atMs: number;
  readonly groups: readonly number[];
}

/** The slots that a replica may take while it cannot reach Redis. */
export interface OfflineWindow
  extends Pick<ProcessCallWindow, 'take' | 'giveBack' | 'ended' | 'pause' | 'left'> {
  /** Starts again from a new reply of Redis, which includes the slots that this replica took without it. */
  startFrom(seen: SlotsSeen): void;
}

const groupMs = windowMs / ageGroups;

/**
 * A replica without Redis takes its share of the slots that were free in the last reply of Redis, and of those that
 * have come free since. If every replica does so, together they stay within the rate from the first moment. A minute
 * later, that is its share of the whole rate. `size` is the number of replicas.
 */
export function createOfflineWindow(rate: CallRate, size: () => number, clock: Clock): OfflineWindow {
  let seen: SlotsSeen = { atMs: 0, groups: [] };
  const own = createCallWindow(rateNow, clock);

  /** When the last slot of an age group expires. */
  const expiryMs = (group: number) => seen.atMs + windowMs - group * groupMs;

  function rateNow(): CallRate {
    const nowMs = clock.now();
    const usedCount = seen.groups.reduce(
      (sum, count, group) => (expiryMs(group) > nowMs ? sum + count : sum),
      0,
    );
    const share = Math.floor((rate.callsPerMinute - usedCount) / size());
    // Where the rate is below one call for each replica, a replica must still be able to make calls.
    const callsPerMinute = Math.max(usedCount === 0 ? 1 : 0, share);
    return { callsPerMinute, burst: Math.min(callsPerMinute, Math.ceil(rate.burst / size())) };
  }

  /** Milliseconds until the next slots of the last reply expire; null when none are left. */
  function refillMs(): number | null {
    const nowMs = clock.now();
    const next = seen.groups.findLastIndex((count, group) => count > 0 && expiryMs(group) > nowMs);
    return next < 0 ? null : expiryMs(next) - nowMs;
  }

  return {
    async take(isUrgent): Promise<Slot> {
      const waitMs = refillMs();
      if (waitMs !== null && rateNow().callsPerMinute <= own.taken().length)
        return { waitMs, because: 'SPENT' };
      return own.take(isUrgent);
    },
    giveBack: own.giveBack,
    ended: own.ended,
    pause: own.pause,
    left: own.left,
    startFrom(latest) {
      seen = latest;
      for (const { ticket } of own.taken()) own.giveBack(ticket);
    },
  };
}
