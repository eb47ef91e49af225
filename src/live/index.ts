import { type BalanceFilter, type WantedLedger, wantedLedgers } from '../data/balance-sources.ts';
import type { TransactionPaginator, TransactionStreams } from '../data/pagination/index.ts';
import { sourceGroupsOf } from '../data/pagination/source-groups.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Provider } from '../ports/provider.ts';
import type { BudgetsOf } from '../ports/upstream-report.ts';
import type { WatchedCalls } from '../ports/watched-calls.ts';
import type { ChangedPlace } from '../ports/webhook.ts';
import { createBalanceReader } from './balance-reader.ts';
import { type BalanceWatch, createBalanceWatch } from './balance-watch.ts';
import type { BalanceLook } from './look.ts';
import { ProviderTime } from './provider-time.ts';
import { type Pace, Round } from './round.ts';
import type { LiveLog } from './shared-reading.ts';
import { createTransactionReader, type TransactionLook } from './transaction-reader.ts';
import {
  createTransactionWatch,
  type TransactionWatch,
  type TransactionWatchOptions,
} from './transaction-watch.ts';
import { createWatchedLists } from './watched-lists.ts';

export type { BalancesChange, BalanceWatch } from './balance-watch.ts';
export type { ChangeTrigger } from './look.ts';
export type { Pace } from './round.ts';
export type { LiveLog } from './shared-reading.ts';
export type { TransactionsChange, TransactionWatch } from './transaction-watch.ts';

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
  /**
   * Watches the transactions that a selection wants, once each list has been read; what is newer than `since` is in the first
   * change. `openRead` opens reads for this watch alone, where it is further behind than others. Rejects as `watchBalances`.
   */
  watchTransactions(wanted: WantedTransactions, signal: CancelSignal): Promise<TransactionWatch>;
  /** Reads again what is watched of a place that a provider says has changed; each list at most once a second. */
  changed(place: ChangedPlace): void;
  /** Lists that are read in turn now. */
  watchedLists(): number;
}

/** Which transactions are watched. */
export type WantedTransactions = Pick<
  TransactionWatchOptions,
  'selection' | 'since' | 'providers' | 'openRead'
>;

export interface LiveOptions {
  readonly clock: Clock;
  readonly paginator: TransactionPaginator & TransactionStreams;
  readonly pace: Pace;
  /** Calls of the minute that a provider allows; none where it has no known limit. */
  readonly budgetsOf: BudgetsOf;
  /** What all replicas watch; null, the default, where there is only this one. */
  readonly ofAll?: WatchedCalls | null;
  /** Longest time of one reading. */
  readonly timeoutMs: number;
  readonly log: LiveLog;
}

/** Reads lists for as long as somebody watches them. */
export function createLive(options: LiveOptions): Live {
  const { clock, pace, budgetsOf, paginator, ofAll = null } = options;
  const rounds = new Map<ProviderCode, Round>();

  function roundOf(code: ProviderCode): Round {
    const known = rounds.get(code);
    if (known !== undefined) return known;
    const callsPerMinute = () => {
      const limits = budgetsOf(code).map((budget) => budget.callsPerMinute);
      return limits.length === 0 ? null : Math.min(...limits);
    };
    const round = new Round({ clock, pace, callsPerMinute, callsOfAll: () => ofAll?.callsOf(code) ?? null });
    rounds.set(code, round);
    return round;
  }

  const balances = createWatchedLists<BalanceLook>('balances', options, roundOf);
  const transactions = createWatchedLists<TransactionLook>('transactions', options, roundOf);
  const times = new Map<ProviderCode, ProviderTime>();
  const now = () => clock.now();

  function timeOf(code: ProviderCode): ProviderTime {
    const time = times.get(code) ?? new ProviderTime();
    times.set(code, time);
    return time;
  }

  ofAll?.report(() => {
    const calls = [...balances.calls(), ...transactions.calls()];
    const byProvider = Map.groupBy(calls, ([code]) => code);
    return new Map(Array.from(byProvider, ([code, ofCode]) => [code, ofCode.map(([, text]) => text)]));
  });

  return {
    async watchBalances(filter, providers, signal) {
      const readerOf = (wanted: WantedLedger) => {
        const repository = providers.get(wanted.account.ref.provider)?.balances.get(wanted.ledger);
        return repository === undefined ? null : createBalanceReader(wanted, repository, clock);
      };
      const { lists, leave } = await balances.enter(wantedLedgers(filter, providers), readerOf, signal);
      try {
        return createBalanceWatch({ lists, filter, providers, now, onEnd: leave });
      } catch (error) {
        leave();
        throw error;
      }
    },
    async watchTransactions(asked, signal) {
      const { selection, providers } = asked;
      const wanted = sourceGroupsOf(selection, providers)
        .filter(({ exists }) => exists)
        .map(({ account, ledger }) => ({ account: { ref: account, ledgers: null }, ledger }));
      const readerOf = (list: WantedLedger) =>
        createTransactionReader(list, { paginator, clock, time: timeOf(list.account.ref.provider) });
      const { lists, leave } = await transactions.enter(wanted, readerOf, signal);
      try {
        return createTransactionWatch({ ...asked, lists, streams: paginator, now, onEnd: leave });
      } catch (error) {
        leave();
        throw error;
      }
    },
    changed(place) {
      balances.changed(place);
      transactions.changed(place);
    },
    watchedLists: () => balances.size + transactions.size,
  };
}
