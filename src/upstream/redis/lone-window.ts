import type { Clock } from '../../ports/clock.ts';
import { type CallRate, createCallWindow, type ProcessCallWindow, type Slot, windowMs } from '../index.ts';
import { ageGroups } from './slot-script.ts';

/** The slots of all replicas when Redis last told: how many were as old as each age group, newest first. */
export interface SlotsSeen {
  readonly atMs: number;
  readonly groups: readonly number[];
}

/** The slots that a replica may take while it cannot ask Redis. */
export interface LoneWindow extends Pick<ProcessCallWindow, 'take' | 'giveBack' | 'pause' | 'left'> {
  /** Redis has told again: the slots taken alone are among those of all replicas from now on. */
  startFrom(seen: SlotsSeen): void;
}

const groupMs = windowMs / ageGroups;

/**
 * A replica alone takes its part of the slots that were free when Redis last told, and of those that have come free
 * since: if every replica does so, all of them together stay within the rate, from the first moment on. A minute later
 * that is its share of the whole rate. `size` is the number of replicas.
 */
export function createLoneWindow(rate: CallRate, size: () => number, clock: Clock): LoneWindow {
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
    // A rate below one call for each replica still has to be of use.
    const callsPerMinute = Math.max(usedCount === 0 ? 1 : 0, share);
    return { callsPerMinute, burst: Math.min(callsPerMinute, Math.ceil(rate.burst / size())) };
  }

  /** Milliseconds until slots that were taken before come free; null when there are none. */
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
    pause: own.pause,
    left: own.left,
    startFrom(latest) {
      seen = latest;
      for (const { ticket } of own.taken()) own.giveBack(ticket);
    },
  };
}
