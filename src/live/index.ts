import { type BalanceFilter, type WantedLedger, wantedLedgers } from '../data/balances/balance-sources.ts';
import type { TransactionPaginator, TransactionStreams } from '../data/pagination/index.ts';
import { sourceGroupsOf } from '../data/pagination/source-groups.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Provider } from '../ports/provider.ts';
import type { BudgetsOf } from '../ports/upstream-report.ts';
import type { WatchedCalls } from '../ports/watched-calls.ts';
import type { ChangeNotice } from '../ports/webhook.ts';
import { createBalanceReader } from './balance-reader.ts';
import { type BalancesChange, createBalanceWatch } from './balance-watch.ts';
import { type Pace, PollSchedule } from './poll-schedule.ts';
import type { LiveLog } from './polled-list.ts';
import { ProviderTime } from './provider-time.ts';
import type { BalanceSnapshot } from './snapshot.ts';
import { createTransactionReader, type TransactionSnapshot } from './transaction-reader.ts';
import {
  createTransactionWatch,
  type TransactionsChange,
  type TransactionWatchOptions,
} from './transaction-watch.ts';
import type { Watch } from './watch.ts';
import { createWatchedLists } from './watched-lists.ts';

export type { BalancesChange } from './balance-watch.ts';
export type { Pace } from './poll-schedule.ts';
export type { LiveLog } from './polled-list.ts';
export type { ChangeTrigger } from './snapshot.ts';
export type { TransactionsChange } from './transaction-watch.ts';
export type { Watch } from './watch.ts';

/** Subscriptions over polled lists: one poll of each list, however many subscriptions watch it. */
export interface Live {
  /**
   * Watches the balances of `providers` that match a filter; resolves once each list has been read. Rejects with the
   * `Failure` of a query if none could be read, and with the signal's reason when it aborts first.
   */
  watchBalances(
    filter: BalanceFilter,
    providers: ReadonlyMap<ProviderCode, Provider>,
    signal: CancelSignal,
  ): Promise<Watch<BalancesChange>>;
  /**
   * Watches selected transactions; resolves once each list has been read. The first change has the rows newer than `since`.
   * `openRead` opens reads for this watch alone, for rows older than those of the shared poll. Rejects as
   * `watchBalances`.
   */
  watchTransactions(wanted: WantedTransactions, signal: CancelSignal): Promise<Watch<TransactionsChange>>;
  /** Polls the watched lists that a provider says have changed; each list at most once a second. */
  changed(notice: ChangeNotice): void;
  /** How many lists are polled now. */
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
  /** A provider's call budgets; none if it has no known limit. */
  readonly budgetsOf: BudgetsOf;
  /** What all replicas watch; null, the default, if this is the only one. */
  readonly watchedCalls?: WatchedCalls | null;
  /** Longest time of one poll. */
  readonly timeoutMs: number;
  readonly log: LiveLog;
}

/** Polls lists for as long as a subscription watches them. */
export function createLive(options: LiveOptions): Live {
  const { clock, pace, budgetsOf, paginator, watchedCalls = null } = options;
  const schedules = new Map<ProviderCode, PollSchedule>();

  function scheduleOf(code: ProviderCode): PollSchedule {
    const known = schedules.get(code);
    if (known !== undefined) return known;
    const callsPerMinute = () => {
      const limits = budgetsOf(code).map((budget) => budget.callsPerMinute);
      return limits.length === 0 ? null : Math.min(...limits);
    };
    const schedule = new PollSchedule({
      clock,
      pace,
      callsPerMinute,
      callsOfAll: () => watchedCalls?.callsOf(code) ?? null,
    });
    schedules.set(code, schedule);
    return schedule;
  }

  const balances = createWatchedLists<BalanceSnapshot>('balances', options, scheduleOf);
  const transactions = createWatchedLists<TransactionSnapshot>('transactions', options, scheduleOf);
  const times = new Map<ProviderCode, ProviderTime>();
  const now = () => clock.now();

  function timeOf(code: ProviderCode): ProviderTime {
    const time = times.get(code) ?? new ProviderTime();
    times.set(code, time);
    return time;
  }

  watchedCalls?.report(() => {
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
      return orLeave(leave, () => createBalanceWatch({ lists, filter, providers, now, onEnd: leave }));
    },
    async watchTransactions(asked, signal) {
      const { selection, providers } = asked;
      const wanted = sourceGroupsOf(selection, providers)
        .filter(({ exists }) => exists)
        .map(({ account, ledger }) => ({ account: { ref: account, ledgers: null }, ledger }));
      const readerOf = (list: WantedLedger) =>
        createTransactionReader(list, { paginator, clock, time: timeOf(list.account.ref.provider) });
      const { lists, leave } = await transactions.enter(wanted, readerOf, signal);
      const watchOptions = { ...asked, lists, streams: paginator, now, onEnd: leave };
      return orLeave(leave, () => createTransactionWatch(watchOptions));
    },
    changed(notice) {
      balances.changed(notice);
      transactions.changed(notice);
    },
    watchedLists: () => balances.size + transactions.size,
  };
}

/** The result of `create`; calls `leave` first if it throws. */
function orLeave<T>(leave: () => void, create: () => T): T {
  try {
    return create();
  } catch (error) {
    leave();
    throw error;
  }
}
