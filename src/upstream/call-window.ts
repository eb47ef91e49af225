import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';

/**
 * A slot for one call, and further ones if several were requested; or how long to wait for a slot, and why: all are
 * taken (SPENT), the provider asked for a pause (ASKED_TO_WAIT), or the remaining slots are spread over the minute
 * (SPREAD). An urgent call gets a spread slot at once.
 */
export type Slot =
  | { readonly ticket: string; readonly further?: readonly string[] }
  | { readonly waitMs: number; readonly because: 'SPENT' | 'ASKED_TO_WAIT' | 'SPREAD' };

/** Counts the calls of one credential over the last minute, for one process or for all replicas. */
export interface CallWindow {
  /**
   * Takes a slot if one is free now. Never rejects. `count` is how many slots the caller can use; a window that is kept
   * outside this process may give several at once.
   */
  take(isUrgent: boolean, count?: number): Promise<Slot>;
  /**
   * Takes a slot synchronously while more than half of the burst is left. Null after that, so that the fair queue hands
   * out the rest; also null if the count is kept outside this process.
   */
  takeAtOnce(): string | null;
  /** Frees a slot whose call was not made or did not count. */
  giveBack(ticket: string): void;
  /** The call of a slot has ended. If it may have been made much later than the slot was taken, the slot counts from now. */
  ended(ticket: string): void;
  /** Gives no slot for `ms`, because the provider asked for a pause. */
  pause(ms: number): void;
  /** Slots that are free now, as far as this process knows. */
  left(): number;
}

/** A window that lists the slots taken in it. */
export interface ProcessCallWindow extends CallWindow {
  /** Slots of the last minute, oldest first; times in epoch milliseconds. */
  taken(): readonly TakenSlot[];
  /** Counts a slot that was taken through another window, at `atMs` (epoch milliseconds). */
  note(ticket: string, atMs: number): void;
  /** As for every window; true if the slot counts from now. */
  ended(ticket: string): boolean;
}

export interface TakenSlot {
  readonly ticket: string;
  readonly atMs: number;
}

/** The rate at which a credential may make calls. */
export interface CallRate {
  /** Calls that the provider allows per calendar minute. */
  readonly callsPerMinute: number;
  /** Calls of a minute that may be made without delay; the others are spread over the rest of it. */
  readonly burst: number;
}

/**
 * The rate for a provider that allows `callsPerMinute`: three quarters of them as burst, and at least as many as one
 * operation may make, so that a large operation is not delayed by its own calls.
 */
export function toCallRate(callsPerMinute: number, callsPerOperationMax: number): CallRate {
  return {
    callsPerMinute,
    burst: Math.min(callsPerMinute, Math.max(Math.ceil((callsPerMinute * 3) / 4), callsPerOperationMax)),
  };
}

/**
 * Longer than a minute, because calls differ in network latency: calls that leave a minute apart must not arrive within
 * one minute.
 */
export const windowMs = 61_000;

/** A call that ended later than this after its slot was taken may have been made later than `windowMs` allows for. */
const lateMs = 500;

/**
 * A window for one process; `rateNow` is read for every slot. No period of 61 seconds has more than `callsPerMinute`
 * slots, so no calendar minute of the provider has either, even if its clock differs from ours.
 */
export function createCallWindow(rateNow: () => CallRate, clock: Clock): ProcessCallWindow {
  /** Slots, oldest first; those before `firstIndex` have expired. */
  let taken: TakenSlot[] = [];
  let firstIndex = 0;
  let pausedUntilMs = 0;

  /** Skips expired slots. Amortised one step per slot. */
  function settle(nowMs: number): void {
    const newest = taken.at(-1);
    // A slot with a future time was taken before the clock was set back: it counts for a full window from now.
    if (newest !== undefined && newest.atMs > nowMs) {
      taken = taken.map((slot) => (slot.atMs > nowMs ? { ...slot, atMs: nowMs } : slot));
    }
    while (firstIndex < taken.length && (taken[firstIndex] as TakenSlot).atMs <= nowMs - windowMs) {
      firstIndex += 1;
    }
    if (firstIndex < taken.length / 2) return;
    taken = taken.slice(firstIndex);
    firstIndex = 0;
  }

  /** Why no slot is free at `nowMs`, after `settle`; null if one is free. */
  function obstacle(nowMs: number, isUrgent: boolean): Exclude<Slot, { ticket: string }> | null {
    if (pausedUntilMs > nowMs) return { waitMs: pausedUntilMs - nowMs, because: 'ASKED_TO_WAIT' };
    const { callsPerMinute, burst } = rateNow();
    const takenCount = taken.length - firstIndex;
    const freeCount = callsPerMinute - takenCount;
    const oldest = taken[firstIndex];
    if (freeCount <= 0 && oldest !== undefined)
      return { waitMs: oldest.atMs + windowMs - nowMs, because: 'SPENT' };
    const newest = taken.at(-1);
    const refilling = taken[firstIndex + freeCount - 1];
    if (isUrgent || takenCount < burst || newest === undefined || refilling === undefined) return null;
    // Twice the pace at which slots come free: the free slots get used, but never so fast that callers wait long for
    // one.
    const spreadMs = (refilling.atMs + windowMs - newest.atMs) / (2 * freeCount);
    const waitMs = Math.ceil(newest.atMs + spreadMs - nowMs);
    return waitMs > 0 ? { waitMs, because: 'SPREAD' } : null;
  }

  function settleNow(): number {
    const nowMs = clock.now();
    settle(nowMs);
    pausedUntilMs = Math.min(pausedUntilMs, nowMs + windowMs);
    return nowMs;
  }

  function add(atMs: number): string {
    const ticket = randomUUID();
    taken.push({ ticket, atMs });
    return ticket;
  }

  return {
    async take(isUrgent) {
      const nowMs = settleNow();
      return obstacle(nowMs, isUrgent) ?? { ticket: add(nowMs) };
    },
    takeAtOnce() {
      const nowMs = settleNow();
      const { callsPerMinute, burst } = rateNow();
      const isPlenty = taken.length - firstIndex < Math.min(callsPerMinute, burst) / 2;
      return isPlenty && pausedUntilMs <= nowMs ? add(nowMs) : null;
    },
    taken() {
      settle(clock.now());
      return taken.slice(firstIndex);
    },
    note(ticket, atMs) {
      settle(clock.now());
      taken.push({ ticket, atMs });
    },
    ended(ticket) {
      const nowMs = clock.now();
      const index = taken.findLastIndex((slot) => slot.ticket === ticket);
      const slot = taken[index];
      if (slot === undefined || index < firstIndex || nowMs - slot.atMs <= lateMs) return false;
      taken.splice(index, 1);
      taken.push({ ticket, atMs: nowMs });
      return true;
    },
    left() {
      const sinceMs = clock.now() - windowMs;
      return Math.max(0, rateNow().callsPerMinute - taken.filter(({ atMs }) => atMs > sinceMs).length);
    },
    giveBack(ticket) {
      // Searches from the newest: slots are given back soon after they are taken.
      const index = taken.findLastIndex((slot) => slot.ticket === ticket);
      if (index >= firstIndex) taken.splice(index, 1);
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now() + ms);
    },
  };
}

/** A window without a limit: a slot at once, except during pauses that the provider asks for. */
export function createOpenCallWindow(clock: Clock): CallWindow {
  let pausedUntilMs = 0;

  /** Milliseconds left of the pause; 0 or less without one. */
  function waitNow(): number {
    const nowMs = clock.now();
    pausedUntilMs = Math.min(pausedUntilMs, nowMs + windowMs);
    return pausedUntilMs - nowMs;
  }

  return {
    async take() {
      const waitMs = waitNow();
      return waitMs > 0 ? { waitMs, because: 'ASKED_TO_WAIT' } : { ticket: '' };
    },
    takeAtOnce: () => (waitNow() > 0 ? null : ''),
    giveBack() {},
    ended() {},
    left: () => Number.POSITIVE_INFINITY,
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now() + ms);
    },
  };
}
