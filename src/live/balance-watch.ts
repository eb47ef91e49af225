import {
  type BalanceFilter,
  type BalanceSource,
  withoutMissingLedgers,
} from '../data/balances/balance-sources.ts';
import type { ReadBalance } from '../data/balances/balances.ts';
import type { SourceOutcome } from '../data/pagination/page.ts';
import { isAskedFor } from '../domain/currency-code.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import { codesOf, type Provider } from '../ports/provider.ts';
import {
  type BalanceSnapshot,
  type ChangeTrigger,
  changedRows,
  isOutcomeChanged,
  isUnchangedBalances,
} from './snapshot.ts';
import { checkAnyRead, createWatch, type Watch } from './watch.ts';
import { nextLookSeconds, type WatchedList } from './watched-lists.ts';

/** What changed since the previous event; everything in the first one. */
export interface BalancesChange {
  readonly balances: readonly ReadBalance[];
  readonly trigger: ChangeTrigger;
  /** When the oldest read behind it was made, epoch milliseconds. */
  readonly asOfMs: number;
  /** Whole seconds, at least 1. */
  readonly nextLookSeconds: number;
  readonly sources: readonly SourceOutcome[];
}

export interface BalanceWatchOptions {
  /** Lists that have been read once. */
  readonly lists: readonly WatchedList<BalanceSnapshot>[];
  readonly filter: BalanceFilter;
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly now: () => number;
  readonly onEnd: () => void;
}

/** Watches balances. Throws the first failure if no list could be read. */
export function createBalanceWatch(options: BalanceWatchOptions): Watch<BalancesChange> {
  const { lists, filter, providers, now, onEnd } = options;
  /** What the last event showed; null for a list of which it had no rows. */
  let shown: readonly (BalanceSnapshot | null)[] | null = null;
  let sourcesBefore: readonly BalanceSource[] = [];
  const latest = () => lists.map(({ polled }) => polled.latest);
  checkAnyRead(sourcesOf(latest()).map(({ outcome }) => outcome));

  function takeChange(): BalancesChange | null {
    const snapshots = latest();
    const before = shown;
    const isFirst = before === null;
    const sources = sourcesOf(snapshots);
    const changed = snapshots.filter((snapshot, index) => isChanged(snapshot, before?.[index] ?? null));
    const balances = snapshots.flatMap((snapshot, index) => rowsToShow(snapshot, before?.[index] ?? null));
    const hasChange =
      isFirst || balances.length > 0 || sources.some((source, index) => isSourceChanged(source, index));
    // A list that had no rows so far is sent whole once it has some.
    shown = snapshots.map((snapshot, index) => (hasRows(snapshot) ? snapshot : (before?.[index] ?? null)));
    sourcesBefore = sources;
    if (!hasChange) return null;
    return {
      ...{ balances, trigger: triggerOf(changed, isFirst), nextLookSeconds: nextLookSeconds(lists, now()) },
      asOfMs: changed.reduce((oldest, snapshot) => Math.min(oldest, snapshot?.asOfMs ?? oldest), now()),
      sources: sources.map(({ outcome }) => outcome),
    };
  }

  function isSourceChanged(source: BalanceSource, index: number): boolean {
    const before = sourcesBefore[index];
    return before === undefined || isOutcomeChanged(before.outcome, source.outcome);
  }

  function rowsToShow(
    snapshot: BalanceSnapshot | null,
    before: BalanceSnapshot | null,
  ): readonly ReadBalance[] {
    if (snapshot === null || !hasRows(snapshot)) return [];
    const rows = before === null ? snapshot.rows : changedRows(before, snapshot);
    const { currencies } = filter;
    if (currencies === null || rows.length === 0) return rows;
    const shownCodes = new Set(snapshot.rows.map(({ currency }) => currency));
    const codes = codesOf(providers.get(snapshot.source.account.ref.provider));
    return rows.filter(({ currency }) => isAskedFor(currency, currencies, shownCodes, codes));
  }

  return createWatch({ lists, takeChange, onEnd });
}

/** Whether rows can be shown: a first read that failed has none, and those of an earlier one may be too old. */
function hasRows(snapshot: BalanceSnapshot | null): snapshot is BalanceSnapshot {
  return snapshot !== null && snapshot.source.outcome.state !== 'FAILED';
}

function isChanged(snapshot: BalanceSnapshot | null, before: BalanceSnapshot | null): boolean {
  if (snapshot === null || before === null) return snapshot !== before;
  return !isUnchangedBalances(before, snapshot);
}

function sourcesOf(snapshots: readonly (BalanceSnapshot | null)[]): readonly BalanceSource[] {
  return withoutMissingLedgers(snapshots.flatMap((snapshot) => (snapshot === null ? [] : [snapshot.source])));
}

function triggerOf(changed: readonly (BalanceSnapshot | null)[], isFirst: boolean): ChangeTrigger {
  if (isFirst) return 'START';
  return changed.some((snapshot) => snapshot?.isNotified === true) ? 'WEBHOOK' : 'POLL';
}
