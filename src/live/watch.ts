import type { SourceOutcome } from '../data/pagination/page.ts';
import { isAllFailed, located } from '../data/sources.ts';
import type { Snapshot } from './snapshot.ts';
import type { WatchedList } from './watched-lists.ts';

/** What one subscription watches. */
export interface Watch<Change> {
  /**
   * The next change, as of the moment it is read: several snapshots since the last call give one change. Null when the watch
   * has ended. Call again only after it has resolved.
   */
  next(): Promise<Change | null>;
  /** Ends the watch; later calls do nothing. */
  end(): void;
}

export interface WatchOptions<T extends Snapshot, Change> {
  /** Lists that have been read once. */
  readonly lists: readonly WatchedList<T>[];
  /** What changed since the call before; null for nothing. */
  readonly takeChange: () => Change | null | Promise<Change | null>;
  readonly onEnd: () => void;
}

/** Takes a change each time one of the lists has a new snapshot. */
export function createWatch<T extends Snapshot, Change>(options: WatchOptions<T, Change>): Watch<Change> {
  const { lists, takeChange, onEnd } = options;
  let isEnded = false;
  let wake = () => {};
  const onSnapshot = () => wake();
  for (const { polled } of lists) polled.listeners.add(onSnapshot);

  return {
    async next() {
      while (!isEnded) {
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        const change = await takeChange();
        if (change !== null && !isEnded) return change;
        if (!isEnded) await woken.promise;
      }
      return null;
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      for (const { polled } of lists) polled.listeners.delete(onSnapshot);
      onEnd();
      wake();
    },
  };
}

/** Throws the first failure if no source could be read, as a query does. */
export function checkAnyRead(outcomes: readonly SourceOutcome[]): void {
  if (!isAllFailed(outcomes)) return;
  for (const { failure, provider, ledger } of outcomes) {
    if (failure !== null) throw located(failure, provider, ledger);
  }
}
