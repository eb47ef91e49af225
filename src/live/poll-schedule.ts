import { Cancellation } from '../domain/cancellation.ts';
import type { Clock } from '../ports/clock.ts';
import { type CallShare, createCallShare } from './call-share.ts';
import type { Freshness, PolledList } from './polled-list.ts';
import type { Snapshot } from './snapshot.ts';

/** How often watched lists are polled. */
export interface Pace {
  /** Share of the calls per minute that polls may use, 0 to 1. */
  readonly budgetShare: number;
  /** Least time between two polls of a list. */
  readonly intervalMinMs: number;
}

export interface PollScheduleOptions {
  readonly clock: Clock;
  readonly pace: Pace;
  /** Calls per minute that the provider allows; null for no limit. */
  readonly callsPerMinute: () => number | null;
  /** Calls needed to poll the lists of all replicas once; null if only those of this replica are known. */
  readonly callsOfAll: () => number | null;
}

/** Least time between two polls of a list when the second is early. */
const earlyIntervalMinMs = 1_000;
/** Least time between two polls of a ledger that an account does not have: it may get one. */
const missingIntervalMinMs = 60_000;
/** Largest age, as a share of the interval, of a read made for a query that replaces a poll. */
const sharedReadAgeShare = 1 / 2;

/**
 * Polls the watched lists of one provider: each once per interval, spread evenly over it. The interval is as long as the share
 * of the call budget requires for all of them together. Early polls use the same share: those on schedule make up for them,
 * and further early polls wait once a quarter of a minute's share has been used in advance.
 */
export class PollSchedule {
  readonly #lists = new Set<PolledList>();
  readonly #options: PollScheduleOptions;
  readonly #share: CallShare;
  #isRunning = false;
  /** Ends the wait for the next poll, because another one may be due first. */
  #rescheduled = new Cancellation();
  #lastPollMs = Number.NEGATIVE_INFINITY;

  constructor(options: PollScheduleOptions) {
    this.#options = options;
    const { clock, pace, callsPerMinute } = options;
    const share = () => {
      const allowed = callsPerMinute();
      return allowed === null ? null : allowed * pace.budgetShare;
    };
    this.#share = createCallShare(share, () => clock.now());
  }

  /** Adds a list that was read once. */
  add(list: PolledList): void {
    if (this.#lists.has(list)) return;
    this.#lists.add(list);
    this.#reschedule();
    if (!this.#isRunning) void this.#run();
  }

  delete(list: PolledList): void {
    this.#lists.delete(list);
    this.#reschedule();
  }

  /** Polls a list early, because a webhook said that it changed. */
  notify(list: PolledList): void {
    list.isNotified = true;
    this.#reschedule();
  }

  /** Current time between two polls of a list whose account has the ledger. */
  intervalMs(): number {
    const { pace, callsOfAll } = this.#options;
    let own = 0;
    for (const list of this.#lists) own += list.callCount;
    return Math.max(pace.intervalMinMs, this.#share.timeOf(Math.max(own, callsOfAll() ?? 0)));
  }

  /** When a list is polled next, epoch milliseconds. */
  dueMs(list: PolledList): number {
    const { asOfMs = this.#options.clock.now(), nextPollAtMs = null } = list.latest ?? {};
    const intervalMs = intervalOf(list, this.intervalMs());
    return Math.min(asOfMs + intervalMs, nextPollAtMs ?? Number.POSITIVE_INFINITY);
  }

  #reschedule(): void {
    this.#rescheduled.abort(null);
    this.#rescheduled = new Cancellation();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const { clock } = this.#options;
    while (this.#lists.size > 0) {
      const due = this.#next();
      const rescheduled = this.#rescheduled;
      const waitMs =
        due === null ? this.intervalMs() : Math.max(due.atMs, this.#share.advanceAtMs()) - clock.now();
      if (waitMs > 0) {
        await clock.sleep(waitMs, rescheduled).catch(() => {});
        continue;
      }
      // An early poll leaves the schedule as it is.
      if (due?.isEarly !== true) this.#lastPollMs = clock.now();
      this.#share.use(due?.list.callCount ?? 0);
      due?.list.poll(this.#freshnessOf(due)).then(
        () => this.#reschedule(),
        () => this.#reschedule(),
      );
    }
    this.#isRunning = false;
  }

  /** An early poll must not be answered by a read made before the change that caused it. */
  #freshnessOf({ list, isEarly }: DuePoll): Freshness {
    if (!isEarly) return { maxAgeSeconds: (this.intervalMs() / 1_000) * sharedReadAgeShare };
    const freshFromMs = list.latest?.nextPollAtMs ?? Number.POSITIVE_INFINITY;
    const isMoreKnown = freshFromMs <= this.#options.clock.now();
    return { maxAgeSeconds: list.isNotified ? 0 : null, ...(isMoreKnown && { freshFromMs }) };
  }

  /** The next poll; null while all lists are being polled. */
  #next(): DuePoll | null {
    const intervalMs = this.intervalMs();
    const spreadMs = this.#lastPollMs + intervalMs / this.#lists.size;
    let next: DuePoll | null = null;
    for (const list of this.#lists) {
      if (list.isPolling || list.latest === null) continue;
      const due = this.#dueOf(list, list.latest, { intervalMs: intervalOf(list, intervalMs), spreadMs });
      if (next === null || due.atMs < next.atMs) next = due;
    }
    return next;
  }

  #dueOf(
    list: PolledList,
    { asOfMs, nextPollAtMs }: Snapshot,
    { intervalMs, spreadMs }: { readonly intervalMs: number; readonly spreadMs: number },
  ): DuePoll {
    const polledAtMs = list.polledAtMs ?? 0;
    // Also counted from the poll itself, because a failed poll leaves `asOfMs` unchanged.
    const sinceMs = Math.max(asOfMs, polledAtMs - intervalMs * sharedReadAgeShare);
    const dueMs = sinceMs + intervalMs;
    // Makes up for early polls, for one interval at most.
    const evenMs = list.callCount === 0 ? 0 : Math.min(this.#share.evenAtMs(), dueMs + intervalMs);
    const onSchedule = { list, atMs: Math.max(spreadMs, dueMs, evenMs), isEarly: false };
    const wantedMs = list.isNotified ? polledAtMs : nextPollAtMs;
    if (wantedMs === null) return onSchedule;
    const atMs = Math.max(wantedMs, polledAtMs + earlyIntervalMinMs);
    return atMs < onSchedule.atMs || list.isNotified ? { list, atMs, isEarly: true } : onSchedule;
  }
}

/** Time between two polls of a list; `intervalMs` is that of lists whose account has the ledger. */
function intervalOf({ latest }: PolledList, intervalMs: number): number {
  return latest?.isMissing === true ? Math.max(missingIntervalMinMs, intervalMs) : intervalMs;
}

/** When a list is polled next. */
interface DuePoll {
  readonly list: PolledList;
  readonly atMs: number;
  /**
   * Whether the poll comes before the list's scheduled time: the list has changed, or an early poll can now complete
   * it.
   */
  readonly isEarly: boolean;
}
