import { type BalanceFilter, type BalanceSource, withoutMissingLedgers } from '../data/balance-sources.ts';
import type { ReadBalance } from '../data/balances.ts';
import type { SourceOutcome } from '../data/pagination/page.ts';
import { isAllFailed, located } from '../data/sources.ts';
import { isAskedFor } from '../domain/currency-code.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import { codesOf, type Provider } from '../ports/provider.ts';
import { type BalanceLook, type ChangeTrigger, changedRows, faresOtherwise } from './look.ts';
import { nextLookSeconds, type WatchedList } from './watched-lists.ts';

/** What changed since the event before; everything at the first. */
export interface BalancesChange {
  readonly balances: readonly ReadBalance[];
  readonly trigger: ChangeTrigger;
  /** When the oldest of the readings behind it was made, epoch milliseconds. */
  readonly asOfMs: number;
  /** Whole seconds, at least 1. */
  readonly nextLookSeconds: number;
  readonly sources: readonly SourceOutcome[];
}

/** Balances that somebody watches. */
export interface BalanceWatch {
  /**
   * The next change, as of when it is taken: what came while nobody asked is in it once, as it is now. Null when the watch
   * has ended. Ask again only after the answer.
   */
  next(): Promise<BalancesChange | null>;
  /** Ends the watch; later calls do nothing. */
  end(): void;
}

export interface BalanceWatchOptions {
  readonly lists: readonly WatchedList<BalanceLook>[];
  readonly filter: BalanceFilter;
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly now: () => number;
  /** Told when the watch ends. */
  readonly onEnd: () => void;
}

/** Watches lists that have been read once. Throws the failure of the first where none could be read. */
export function createBalanceWatch(options: BalanceWatchOptions): BalanceWatch {
  const { lists, filter, providers, now, onEnd } = options;
  /** What the last event was made of; null for a list that it had no rows of. */
  let shown: readonly (BalanceLook | null)[] | null = null;
  /** How the sources fared at the last event. */
  let known: readonly BalanceSource[] = [];
  let isEnded = false;
  let wake = () => {};
  const tell = () => wake();
  const newest = () => lists.map(({ reading }) => reading.latest);
  checkAnyRead(sourcesOf(newest()));
  for (const { reading } of lists) reading.watchers.add(tell);

  function take(): BalancesChange | null {
    const looks = newest();
    const before = shown;
    const isFirst = before === null;
    const sources = sourcesOf(looks);
    const changed = looks.filter((look, index) => look !== (before?.[index] ?? null));
    const balances = looks.flatMap((look, index) => rowsToShow(look, before?.[index] ?? null));
    const hasNews = isFirst || balances.length > 0 || sources.some((source, index) => isNews(source, index));
    // A list without rows so far is shown whole once it has them.
    shown = looks.map((look, index) => (hasRows(look) ? look : (before?.[index] ?? null)));
    known = sources;
    if (!hasNews) return null;
    return {
      ...{ balances, trigger: triggerOf(changed, isFirst), nextLookSeconds: nextLookSeconds(lists, now()) },
      asOfMs: changed.reduce((oldest, look) => Math.min(oldest, look?.asOfMs ?? oldest), now()),
      sources: sources.map(({ outcome }) => outcome),
    };
  }

  function isNews(source: BalanceSource, index: number): boolean {
    const before = known[index];
    return before === undefined || faresOtherwise(before.outcome, source.outcome);
  }

  function rowsToShow(look: BalanceLook | null, before: BalanceLook | null): readonly ReadBalance[] {
    if (look === null || !hasRows(look)) return [];
    const rows = before === null ? look.rows : changedRows(before, look);
    const { currencies } = filter;
    if (currencies === null || rows.length === 0) return rows;
    const shownCodes = new Set(look.rows.map(({ currency }) => currency));
    const codes = codesOf(providers.get(look.source.account.ref.provider));
    return rows.filter(({ currency }) => isAskedFor(currency, currencies, shownCodes, codes));
  }

  return {
    async next() {
      for (;;) {
        if (isEnded) return null;
        const change = take();
        if (change !== null) return change;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      for (const { reading } of lists) reading.watchers.delete(tell);
      onEnd();
      wake();
    },
  };
}

/** Whether a look has rows to be shown: one that failed at the first time has none, and an older one's may be too old. */
function hasRows(look: BalanceLook | null): look is BalanceLook {
  return look !== null && look.source.outcome.state !== 'FAILED';
}

function sourcesOf(looks: readonly (BalanceLook | null)[]): readonly BalanceSource[] {
  return withoutMissingLedgers(looks.flatMap((look) => (look === null ? [] : [look.source])));
}

function triggerOf(changed: readonly (BalanceLook | null)[], isFirst: boolean): ChangeTrigger {
  if (isFirst) return 'START';
  return changed.some((look) => look?.isTold === true) ? 'WEBHOOK' : 'POLL';
}

/** Throws where nothing at all could be read, as a query does. */
function checkAnyRead(sources: readonly BalanceSource[]): void {
  const outcomes = sources.map(({ outcome }) => outcome);
  if (!isAllFailed(outcomes)) return;
  for (const { failure, provider, ledger } of outcomes) {
    if (failure !== null) throw located(failure, provider, ledger);
  }
}
