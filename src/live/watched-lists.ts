import type { WantedLedger } from '../data/balance-sources.ts';
import { ledgerText } from '../data/keys.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { ChangedPlace } from '../ports/webhook.ts';
import type { Look } from './look.ts';
import type { Round } from './round.ts';
import { type ListReader, type ReadingParts, SharedReading } from './shared-reading.ts';

/** A list that somebody watches. */
export interface WatchedList<Seen extends Look = Look> {
  readonly reading: SharedReading<Seen>;
  readonly round: Round;
}

/** Lists that are watched together. */
export interface WatchedSet<Seen extends Look> {
  readonly lists: readonly WatchedList<Seen>[];
  /** Watches them no more; later calls do nothing. */
  leave(): void;
}

/** Lists of one kind, each read once however many watch it. */
export interface WatchedLists<Seen extends Look> {
  /** Begins to watch, and waits until each list was read once. Rejects with the signal's reason when it aborts before. */
  enter(
    wanted: readonly WantedLedger[],
    readerOf: (wanted: WantedLedger) => ListReader<Seen> | null,
    signal: CancelSignal,
  ): Promise<WatchedSet<Seen>>;
  /** Reads again what is watched of a place. */
  changed(place: ChangedPlace): void;
  readonly size: number;
  /** One text for each call that reading all lists once takes, by provider. */
  calls(): readonly (readonly [ProviderCode, string])[];
}

/** A subscription that no list is read for. */
const idleSeconds = 60;

/** In how many whole seconds the next of some lists is looked at, at least 1. */
export function nextLookSeconds(lists: readonly WatchedList[], nowMs: number): number {
  const dueMs = Math.min(...lists.map(({ reading, round }) => round.dueMs(reading)));
  return lists.length === 0 ? idleSeconds : Math.max(1, Math.ceil((dueMs - nowMs) / 1_000));
}

/** `kind` tells these lists from others of the same accounts and ledgers. */
export function createWatchedLists<Seen extends Look>(
  kind: 'balances' | 'transactions',
  parts: ReadingParts,
  roundOf: (provider: ProviderCode) => Round,
): WatchedLists<Seen> {
  interface Watched extends WatchedList<Seen> {
    watchCount: number;
  }
  const watched = new Map<string, Watched>();

  function enterOne(wanted: WantedLedger, readerOf: (wanted: WantedLedger) => ListReader<Seen> | null) {
    const { account, ledger } = wanted;
    const key = ledgerText(account.ref, ledger);
    const known = watched.get(key);
    if (known !== undefined) {
      known.watchCount += 1;
      return known;
    }
    const reader = readerOf(wanted);
    if (reader === null) return null;
    const reading = new SharedReading(wanted, reader, parts);
    const entered = { reading, round: roundOf(account.ref.provider), watchCount: 1 };
    watched.set(key, entered);
    return entered;
  }

  async function begin(list: Watched): Promise<void> {
    await list.reading.begin();
    if (list.watchCount > 0) list.round.add(list.reading);
  }

  function leaveOne(left: Watched): void {
    left.watchCount -= 1;
    if (left.watchCount > 0) return;
    const { account, ledger } = left.reading.wanted;
    watched.delete(ledgerText(account.ref, ledger));
    left.round.delete(left.reading);
    left.reading.end();
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
    changed(place) {
      for (const { reading, round } of watched.values()) {
        if (reading.latest !== null && isOf(reading.wanted, place)) round.hurry(reading);
      }
    },
    calls: () =>
      Array.from(watched, ([key, { reading }]) =>
        Array.from({ length: reading.callCount }, (_, index) => {
          const text = `${kind} ${key} ${index}`;
          return [reading.wanted.account.ref.provider, text] as const;
        }),
      ).flat(),
    get size() {
      return watched.size;
    },
  };
}

function isOf({ account, ledger }: WantedLedger, { provider, accounts, ledgers }: ChangedPlace): boolean {
  const { ref } = account;
  const isAccount = accounts === null || accounts.includes(ref.providerAccountId);
  return ref.provider === provider && isAccount && ledgers?.includes(ledger) !== false;
}

/** What `work` gives; rejects when the signal aborts before. */
function unlessAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
