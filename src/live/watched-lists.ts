import type { WantedLedger } from '../data/balances/balance-sources.ts';
import { ledgerText } from '../data/keys.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import { wholeSeconds } from '../domain/failure.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { ChangeNotice } from '../ports/webhook.ts';
import type { PollSchedule } from './poll-schedule.ts';
import { type ListReader, PolledList, type PollingOptions } from './polled-list.ts';
import type { Snapshot } from './snapshot.ts';

/** A list that at least one subscription watches. */
export interface WatchedList<T extends Snapshot = Snapshot> {
  readonly polled: PolledList<T>;
  readonly schedule: PollSchedule;
}

/** The lists of one subscription. */
export interface WatchedSet<T extends Snapshot> {
  readonly lists: readonly WatchedList<T>[];
  /** Stops watching them; later calls do nothing. */
  leave(): void;
}

/** Lists of one kind, each polled once however many subscriptions watch it. */
export interface WatchedLists<T extends Snapshot> {
  /** Begins to watch; resolves once each list has been read. Rejects with the signal's reason when it aborts first. */
  enter(
    wanted: readonly WantedLedger[],
    readerOf: (wanted: WantedLedger) => ListReader<T> | null,
    signal: CancelSignal,
  ): Promise<WatchedSet<T>>;
  /** Polls the lists that a notice is about. */
  changed(notice: ChangeNotice): void;
  readonly size: number;
  /** One text for each call that polling all lists once takes, by provider. */
  calls(): readonly (readonly [ProviderCode, string])[];
}

/** `nextLookSeconds` of a subscription without lists. */
const noListSeconds = 60;

/** Whole seconds until the next of some lists is polled, at least 1. */
export function nextLookSeconds(lists: readonly WatchedList[], nowMs: number): number {
  const dueMs = Math.min(...lists.map(({ polled, schedule }) => schedule.dueMs(polled)));
  return lists.length === 0 ? noListSeconds : wholeSeconds(dueMs - nowMs);
}

/** `kind` distinguishes these lists from others of the same accounts and ledgers. */
export function createWatchedLists<T extends Snapshot>(
  kind: 'balances' | 'transactions',
  options: PollingOptions,
  scheduleOf: (provider: ProviderCode) => PollSchedule,
): WatchedLists<T> {
  interface Watched extends WatchedList<T> {
    watchCount: number;
  }
  const watched = new Map<string, Watched>();

  function enterOne(wanted: WantedLedger, readerOf: (wanted: WantedLedger) => ListReader<T> | null) {
    const { account, ledger } = wanted;
    const key = ledgerText(account.ref, ledger);
    const known = watched.get(key);
    if (known !== undefined) {
      known.watchCount += 1;
      return known;
    }
    const reader = readerOf(wanted);
    if (reader === null) return null;
    const polled = new PolledList(wanted, reader, options);
    const entered = { polled, schedule: scheduleOf(account.ref.provider), watchCount: 1 };
    watched.set(key, entered);
    return entered;
  }

  async function begin(list: Watched): Promise<void> {
    await list.polled.begin();
    if (list.watchCount > 0) list.schedule.add(list.polled);
  }

  function leaveOne(left: Watched): void {
    left.watchCount -= 1;
    if (left.watchCount > 0) return;
    const { account, ledger } = left.polled.wanted;
    watched.delete(ledgerText(account.ref, ledger));
    left.schedule.delete(left.polled);
    left.polled.end();
  }

  return {
    async enter(wanted, readerOf, signal) {
      const lists = wanted.flatMap((each) => enterOne(each, readerOf) ?? []);
      let isIn = true;
      const leave = () => {
        if (!isIn) return;
        isIn = false;
        for (const list of lists) leaveOne(list);
      };
      try {
        await unlessAborted(Promise.all(lists.map(begin)), signal);
        return { lists, leave };
      } catch (error) {
        leave();
        throw error;
      }
    },
    changed(notice) {
      for (const { polled, schedule } of watched.values()) {
        if (polled.latest !== null && isAbout(notice, polled.wanted)) schedule.notify(polled);
      }
    },
    calls: () =>
      Array.from(watched, ([key, { polled }]) =>
        Array.from({ length: polled.callCount }, (_, index) => {
          const text = `${kind} ${key} ${index}`;
          return [polled.wanted.account.ref.provider, text] as const;
        }),
      ).flat(),
    get size() {
      return watched.size;
    },
  };
}

function isAbout({ provider, accounts, ledgers }: ChangeNotice, { account, ledger }: WantedLedger): boolean {
  const { ref } = account;
  const isAccount = accounts === null || accounts.includes(ref.providerAccountId);
  return ref.provider === provider && isAccount && ledgers?.includes(ledger) !== false;
}

/** The result of `work`; rejects with the signal's reason when it aborts first. */
function unlessAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
