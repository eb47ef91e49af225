import { type BalanceFilter, type WantedLedger, wantedLedgers } from '../data/balance-sources.ts';
import { ledgerText } from '../data/keys.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Provider } from '../ports/provider.ts';
import type { BudgetsOf } from '../ports/upstream-report.ts';
import type { ChangedPlace } from '../ports/webhook.ts';
import { type BalanceWatch, createBalanceWatch } from './balance-watch.ts';
import { type Pace, Round } from './round.ts';
import { type LiveLog, SharedReading } from './shared-reading.ts';

export type { BalancesChange, BalanceWatch } from './balance-watch.ts';
export type { ChangeTrigger } from './look.ts';
export type { Pace } from './round.ts';
export type { LiveLog } from './shared-reading.ts';

/** Balances that change while somebody looks at them: one reading for each list, however many watch it. */
export interface Live {
  /**
   * Watches the balances that a filter leaves of `providers`, once each list has been read. Rejects with the `Failure` that a query would
   * give where nothing could be read, and with the signal's reason when it aborts before.
   */
  watchBalances(
    filter: BalanceFilter,
    providers: ReadonlyMap<ProviderCode, Provider>,
    signal: CancelSignal,
  ): Promise<BalanceWatch>;
  /** Reads again what is watched of a place that a provider says has changed; each list at most once a second. */
  changed(place: ChangedPlace): void;
  /** Lists that are read in turn now. */
  watchedLists(): number;
}

export interface LiveOptions {
  readonly clock: Clock;
  readonly pace: Pace;
  /** Calls of the minute that a provider allows; none where it has no known limit. */
  readonly budgetsOf: BudgetsOf;
  /** Longest time of one reading. */
  readonly timeoutMs: number;
  readonly log: LiveLog;
}

interface Watched {
  readonly reading: SharedReading;
  readonly round: Round;
  watchCount: number;
}

/** Reads lists for as long as somebody watches them. */
export function createLive(options: LiveOptions): Live {
  const { clock, pace, budgetsOf } = options;
  const rounds = new Map<ProviderCode, Round>();
  const watched = new Map<string, Watched>();

  function roundOf(code: ProviderCode): Round {
    const known = rounds.get(code);
    if (known !== undefined) return known;
    const callsPerMinute = () => {
      const limits = budgetsOf(code).map((budget) => budget.callsPerMinute);
      return limits.length === 0 ? null : Math.min(...limits);
    };
    const round = new Round({ clock, pace, callsPerMinute });
    rounds.set(code, round);
    return round;
  }

  function enter(wanted: WantedLedger, providers: ReadonlyMap<ProviderCode, Provider>): Watched | null {
    const { account, ledger } = wanted;
    const key = ledgerText(account.ref, ledger);
    const known = watched.get(key);
    if (known !== undefined) {
      known.watchCount += 1;
      return known;
    }
    const repository = providers.get(account.ref.provider)?.balances.get(ledger);
    if (repository === undefined) return null;
    const round = roundOf(account.ref.provider);
    const reading = new SharedReading(wanted, repository, options);
    const entered = { reading, round, watchCount: 1 };
    watched.set(key, entered);
    return entered;
  }

  async function begin(list: Watched): Promise<void> {
    await list.reading.begin();
    if (list.watchCount > 0) list.round.add(list.reading);
  }

  function leave(left: Watched): void {
    left.watchCount -= 1;
    if (left.watchCount > 0) return;
    const { account, ledger } = left.reading.wanted;
    watched.delete(ledgerText(account.ref, ledger));
    left.round.delete(left.reading);
    left.reading.end();
  }

  return {
    async watchBalances(filter, providers, signal) {
      const lists = wantedLedgers(filter, providers).flatMap((wanted) => enter(wanted, providers) ?? []);
      const leaveAll = () => {
        for (const list of lists) leave(list);
      };
      try {
        await unlessAborted(Promise.all(lists.map(begin)), signal);
        return createBalanceWatch({ lists, filter, providers, now: () => clock.now(), onEnd: leaveAll });
      } catch (error) {
        leaveAll();
        throw error;
      }
    },
    changed(place) {
      for (const { reading, round } of watched.values()) {
        if (reading.latest !== null && isOf(reading.wanted, place)) round.hurry(reading);
      }
    },
    watchedLists: () => watched.size,
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
