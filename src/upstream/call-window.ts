import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';

/**
 * A slot for one call, or how long there is none: because all are spent, because the provider asked for a pause,
 * or because those that are left are spread over the minute, where an urgent call may have one all the same.
 */
export type Slot =
  | { readonly ticket: string }
  | { readonly waitMs: number; readonly because: 'SPENT' | 'ASKED_TO_WAIT' | 'SPREAD' };

/** Counts the calls of one credential over the last minute, for a process or for a fleet. */
export interface CallWindow {
  /** Takes a slot when one is free now. Never rejects. */
  take(isUrgent: boolean): Promise<Slot>;
  /**
   * The ticket of a slot while half of the burst is left; null beyond, so that what is left goes to callers in turn, and
   * where nobody knows without asking.
   */
  takeAtOnce(): string | null;
  /** Gives a slot back whose call was not made, or did not count. */
  giveBack(ticket: string): void;
  /** Frees no slot for `ms`: the provider asked for that. */
  pause(ms: number): void;
  /** Slots that are free now, as far as this process knows. */
  left(): number;
}

/** A window that knows which slots were taken. */
export interface ProcessCallWindow extends CallWindow {
  /** Slots of the last minute, oldest first; times in epoch milliseconds. */
  taken(): readonly TakenSlot[];
  /** Counts a slot that was taken elsewhere. */
  note(ticket: string): void;
}

export interface TakenSlot {
  readonly ticket: string;
  readonly atMs: number;
}

/** What a credential may call. */
export interface CallRate {
  /** Calls that the provider allows in one calendar minute. */
  readonly callsPerMinute: number;
  /** Calls of a minute that may be made in a burst; the others are spread over the time that is left. */
  readonly burst: number;
}

/**
 * The rate for a provider that allows `callsPerMinute`: three quarters of them in a burst, and at least what one
 * operation may cost, so that an operation is not held up by its own size.
 */
export function toCallRate(callsPerMinute: number, callsPerOperationMax: number): CallRate {
  return {
    callsPerMinute,
    burst: Math.min(callsPerMinute, Math.max(Math.ceil((callsPerMinute * 3) / 4), callsPerOperationMax)),
  };
}

/**
 * Longer than a minute by what calls may differ in how long they travel: calls that leave a minute apart must
 * not arrive within one.
 */
export const windowMs = 61_000;

/**
 * A window for one process; `rateNow` is asked anew for every slot. In no 61 seconds, wherever they start, more
 * than `callsPerMinute` slots are given; so no calendar minute of the provider, whose clock may differ, sees more
 * either.
 */
export function createCallWindow(rateNow: () => CallRate, clock: Clock): ProcessCallWindow {
  /** Slots, oldest first; those before `firstIndex` are older than 61 seconds. */
  let taken: TakenSlot[] = [];
  let firstIndex = 0;
  let pausedUntilMs = 0;

  /** Passes over what is too old. A step for each slot in its life, however many there are at a time. */
  function settle(nowMs: number): void {
    const newest = taken.at(-1);
    // A slot from the future was taken before the clock was set back: it counts in full from now.
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

  /** Why no slot is given at `nowMs`, once it is settled which slots count; null when one is. */
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
    // Twice as fast as would keep the free slots as many as they are: they are used up in time, but never so
    // fast that there is none for long.
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
    note(ticket) {
      const nowMs = clock.now();
      settle(nowMs);
      taken.push({ ticket, atMs: nowMs });
    },
    left() {
      const sinceMs = clock.now() - windowMs;
      return Math.max(0, rateNow().callsPerMinute - taken.filter(({ atMs }) => atMs > sinceMs).length);
    },
    giveBack(ticket) {
      // Looked for from the newest on: a call that is not made says so soon.
      const index = taken.findLastIndex((slot) => slot.ticket === ticket);
      if (index >= firstIndex) taken.splice(index, 1);
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now() + ms);
    },
  };
}

/** A window for a credential whose calls nobody counts: a slot at once, but for the pauses a provider asks for. */
export function createOpenCallWindow(clock: Clock): CallWindow {
  let pausedUntilMs = 0;

  /** How long there is none. */
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
    left: () => Number.POSITIVE_INFINITY,
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now() + ms);
    },
  };
}
