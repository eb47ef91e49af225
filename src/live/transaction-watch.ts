import type { TransactionStreams } from '../data/pagination/index.ts';
import { compareRows } from '../data/pagination/order.ts';
import type { SourceOutcome, TransactionSelection } from '../data/pagination/page.ts';
import { rowFilter } from '../data/pagination/source-groups.ts';
import { isAllFailed, located } from '../data/sources.ts';
import { transactionText } from '../domain/global-id.ts';
import { compareInstants, type Instant } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import { codesOf, type Provider } from '../ports/provider.ts';
import { type ChangeTrigger, faresOtherwise } from './look.ts';
import { type OpenRead, type RowsBetween, rowsBetween } from './rows-between.ts';
import { newestCount, type TransactionLook } from './transaction-reader.ts';
import type { WatchedList } from './watched-lists.ts';

/** What came and what changed since the event before. */
export interface TransactionsChange {
  /** Oldest first. */
  readonly added: readonly Transaction[];
  readonly changed: readonly Transaction[];
  readonly truncated: boolean;
  readonly trigger: ChangeTrigger;
  readonly asOf: Instant;
  readonly sources: readonly SourceOutcome[];
}

/** Transactions that somebody watches. */
export interface TransactionWatch {
  /** The next change; null when the watch has ended. Ask again only after the answer. */
  next(): Promise<TransactionsChange | null>;
  /** Ends the watch; later calls do nothing. */
  end(): void;
}

export interface TransactionWatchOptions {
  readonly lists: readonly WatchedList<TransactionLook>[];
  readonly selection: TransactionSelection;
  /** What is newer than this is new; null: what comes from now on. */
  readonly since: Instant | null;
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly streams: TransactionStreams;
  readonly openRead: OpenRead;
  readonly now: () => number;
  readonly onEnd: () => void;
}

/** Rows of one event; a second is not divided. */
const rowsPerEvent = 500;
/** The end of a second: with it as `since`, nothing of the second comes again. */
const endNano = 999_999_999;
/** A page that was read this long ago may have been read before its newest second was over. */
const hotMs = 3_000;
/** From where a watch begins whose lists cannot be read at first, as long before as a provider's clock may be behind. */
const backSeconds = 61;

/** Watches lists that have been read once. Throws the failure of the first where none could be read. */
export function createTransactionWatch(options: TransactionWatchOptions): TransactionWatch {
  const { lists, selection, providers, now, onEnd } = options;
  const filters = lists.map(({ reading }) => filterOf(reading.wanted, selection, providers));
  const anyStatus = lists.map(({ reading }) =>
    filterOf(reading.wanted, { ...selection, statuses: null }, providers),
  );
  let shown: readonly TransactionLook[] | null = null;
  let known: readonly SourceOutcome[] = [];
  /** Rows newer than this are still to come. */
  let position: Instant = { second: 0, nano: endNano };
  /** Rows that were there when the watch began, although newer. */
  let thereBefore: ReadonlySet<string> = new Set();
  /** Rows of the last looks that have not been told, oldest first. */
  let waiting: Transaction[] = [];
  let waitingUntil: Instant = position;
  let isEnded = false;
  let wake = () => {};
  const tell = () => wake();

  const nowSecond = () => Math.floor(now() / 1_000);
  const newest = () => lists.flatMap(({ reading }) => reading.latest ?? []);
  checkAnyRead(sourcesOf(newest()));
  for (const { reading } of lists) reading.watchers.add(tell);

  function begin(looks: readonly TransactionLook[]): void {
    const { since } = options;
    if (since !== null) {
      const isHot = since.nano < endNano - 999_999 && now() - since.second * 1_000 < hotMs;
      position = isHot ? { second: since.second - 1, nano: endNano } : since;
      return;
    }
    position = {
      second: Math.max(wholeSecondOf(looks, nowSecond()), nowSecond() - backSeconds),
      nano: endNano,
    };
    const newer = looks.flatMap(({ rows }) => rows.filter((row) => isAfter(row, position)));
    thereBefore = new Set(newer.map(transactionText));
  }

  /** Changes of status of rows that were told, or were there before. */
  function changedRows(looks: readonly TransactionLook[]): Transaction[] {
    return looks.flatMap((look, index) => {
      const before = shown?.[index];
      if (before === undefined || before.rows === look.rows) return [];
      const statuses = new Map(before.rows.map((row) => [transactionText(row), row.statusRaw]));
      return look.rows.slice(0, newestCount).filter((row) => {
        const text = transactionText(row);
        const status = statuses.get(text);
        const isTold = !isAfter(row, position) || thereBefore.has(text);
        return isTold && status !== undefined && status !== row.statusRaw && anyStatus[index]?.(row) === true;
      });
    });
  }

  async function take(): Promise<TransactionsChange | null> {
    const looks = newest();
    const isFirst = shown === null;
    if (isFirst) begin(looks);
    const sources = sourcesOf(looks);
    const changed = changedRows(looks);
    const until: Instant = { second: wholeSecondOf(looks, nowSecond()), nano: endNano };
    const found = await readNew(looks, until);
    // Tried again at the next look: nothing is passed over.
    if (found === null) return null;
    const added = found.rows.filter((row) => !thereBefore.has(transactionText(row)));
    const hasNews = sources.some(
      (source, index) => known[index] === undefined || faresOtherwise(known[index], source),
    );
    const trigger = triggerOf(looks, shown);
    shown = looks;
    known = sources;
    waiting = added.sort((a, b) => compareRows(b, a));
    waitingUntil = compareInstants(until, position) > 0 ? until : position;
    if (!isFirst && added.length === 0 && changed.length === 0 && !found.isTruncated && !hasNews) {
      position = waitingUntil;
      return null;
    }
    return { ...takeWaiting(), changed, truncated: found.isTruncated, trigger, sources };
  }

  async function readNew(looks: readonly TransactionLook[], until: Instant): Promise<RowsBetween | null> {
    if (compareInstants(until, position) <= 0) return { rows: [], isTruncated: false };
    const parts = { selection, streams: options.streams, openRead: options.openRead };
    const found = await Promise.all(
      looks.map((look, index) =>
        rowsBetween(lists[index]?.reading.wanted, look, { after: position, until }, filters[index], parts),
      ),
    );
    if (found.some((rows) => rows === null)) return null;
    const all = found.filter((rows) => rows !== null);
    return all.some(({ isTruncated }) => isTruncated)
      ? { rows: [], isTruncated: true }
      : { rows: all.flatMap(({ rows }) => rows), isTruncated: false };
  }

  /** The next rows of those that wait, and up to where all have been told then. */
  function takeWaiting(): Pick<TransactionsChange, 'added' | 'asOf'> {
    let count = Math.min(rowsPerEvent, waiting.length);
    const last = waiting[count - 1]?.createdAt.second;
    while (count < waiting.length && waiting[count]?.createdAt.second === last) count += 1;
    const added = waiting.splice(0, count);
    position = waiting.length === 0 || last === undefined ? waitingUntil : { second: last, nano: endNano };
    return { added, asOf: position };
  }

  return {
    async next() {
      for (;;) {
        if (isEnded) return null;
        if (waiting.length > 0) {
          const trigger = triggerOf(shown ?? [], shown);
          return { ...takeWaiting(), changed: [], truncated: false, trigger, sources: known };
        }
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const change = await take();
        if (isEnded) return null;
        if (change !== null) return change;
        await woken;
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

function filterOf(
  { account, ledger }: WatchedList['reading']['wanted'],
  selection: TransactionSelection,
  providers: ReadonlyMap<ProviderCode, Provider>,
): (row: Transaction) => boolean {
  const provider = providers.get(account.ref.provider);
  const matches = rowFilter(selection, provider?.transactions.get(ledger) ?? {}, codesOf(provider));
  const { createdFrom, createdTo } = selection;
  return (row) =>
    (createdFrom === null || compareInstants(row.createdAt, createdFrom) >= 0) &&
    (createdTo === null || compareInstants(row.createdAt, createdTo) < 0) &&
    matches(row);
}

/** Whether an account that answers in one ledger merely has no other. */
function isMissing(look: TransactionLook, looks: readonly TransactionLook[]): boolean {
  const { source } = look;
  return (
    source.failure?.code === 'ACCOUNT_NOT_FOUND' &&
    looks.some(
      (other) =>
        other.source.provider === source.provider &&
        other.source.providerAccountId === source.providerAccountId &&
        other.source.state !== 'FAILED',
    )
  );
}

function sourcesOf(looks: readonly TransactionLook[]): readonly SourceOutcome[] {
  return looks.map((look) =>
    isMissing(look, looks) ? { ...look.source, state: 'OK', failure: null } : look.source,
  );
}

/** The last second of which every list has been read whole. */
function wholeSecondOf(looks: readonly TransactionLook[], nowSecond: number): number {
  const there = looks.filter((look) => !isMissing(look, looks));
  return there.length === 0 ? nowSecond : Math.min(...there.map(({ wholeSecond }) => wholeSecond));
}

function triggerOf(
  looks: readonly TransactionLook[],
  shown: readonly TransactionLook[] | null,
): ChangeTrigger {
  if (shown === null) return 'START';
  return looks.some((look, index) => look !== shown[index] && look.isTold) ? 'WEBHOOK' : 'POLL';
}

function isAfter(row: Transaction, position: Instant): boolean {
  return compareInstants(row.createdAt, position) > 0;
}

/** Throws where nothing at all could be read, as a query does. */
function checkAnyRead(outcomes: readonly SourceOutcome[]): void {
  if (!isAllFailed(outcomes)) return;
  for (const { failure, provider, ledger } of outcomes) {
    if (failure !== null) throw located(failure, provider, ledger);
  }
}
