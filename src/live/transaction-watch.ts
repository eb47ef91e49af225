import type { TransactionStreams } from '../data/pagination/index.ts';
import { compareRows } from '../data/pagination/order.ts';
import type { SourceOutcome, TransactionSelection } from '../data/pagination/page.ts';
import { transactionText } from '../domain/global-id.ts';
import { compareInstants, type Instant } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Provider } from '../ports/provider.ts';
import { type OpenRead, type RowsBetween, rowsBetween } from './rows-between.ts';
import { type ChangeTrigger, isOutcomeChanged } from './snapshot.ts';
import { pageRowsMax, type TransactionSnapshot } from './transaction-reader.ts';
import { closedSecondOf, filterOf, sourcesOf } from './transaction-sources.ts';
import { checkAnyRead, createWatch, type Watch } from './watch.ts';
import type { WatchedList } from './watched-lists.ts';

/** Rows that were added, and rows that changed, since the previous event. */
export interface TransactionsChange {
  /** Oldest first. */
  readonly added: readonly Transaction[];
  readonly changed: readonly Transaction[];
  readonly truncated: boolean;
  readonly trigger: ChangeTrigger;
  readonly asOf: Instant;
  readonly sources: readonly SourceOutcome[];
}

export interface TransactionWatchOptions {
  /** Lists that have been read once. */
  readonly lists: readonly WatchedList<TransactionSnapshot>[];
  readonly selection: TransactionSelection;
  /** Rows newer than this are sent; null: rows added from now on. */
  readonly since: Instant | null;
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly streams: TransactionStreams;
  readonly openRead: OpenRead;
  readonly now: () => number;
  readonly onEnd: () => void;
}

/** Rows per event; rows of one second are not split. */
const rowsPerEvent = 500;
/** The end of a second: with it as `since`, no row of that second is sent again. */
const endNano = 999_999_999;
/** The newest second of a page read this recently may still get rows. */
const newestSecondOpenMs = 3_000;
/** How far back a watch begins if its lists cannot be read at first: as far as a provider's clock may be behind. */
const startBeforeSeconds = 61;

/** Watches transactions. Throws the first failure if no list could be read. */
export function createTransactionWatch(options: TransactionWatchOptions): Watch<TransactionsChange> {
  const { lists, selection, providers, now, onEnd } = options;
  const filters = lists.map(({ polled }) => filterOf(polled.wanted, selection, providers));
  const filtersOfAnyStatus = lists.map(({ polled }) =>
    filterOf(polled.wanted, { ...selection, statuses: null }, providers),
  );
  let shown: readonly TransactionSnapshot[] | null = null;
  let sourcesBefore: readonly SourceOutcome[] = [];
  /** Rows newer than this are still to be sent. */
  let position: Instant = { second: 0, nano: endNano };
  /** Newer rows that existed when the watch began. */
  let existing: ReadonlySet<string> = new Set();
  /** Rows of the last snapshots that have not been sent, oldest first. */
  let unsent: Transaction[] = [];
  /** The position once they have been sent. */
  let unsentUntil: Instant = position;

  const nowSecond = () => Math.floor(now() / 1_000);
  const latest = () => lists.flatMap(({ polled }) => polled.latest ?? []);
  checkAnyRead(sourcesOf(latest()));

  function begin(snapshots: readonly TransactionSnapshot[]): void {
    const { since } = options;
    if (since !== null) {
      const isOpen = since.nano < endNano - 999_999 && now() - since.second * 1_000 < newestSecondOpenMs;
      position = isOpen ? { second: since.second - 1, nano: endNano } : since;
      return;
    }
    position = {
      second: Math.max(closedSecondOf(snapshots, nowSecond()), nowSecond() - startBeforeSeconds),
      nano: endNano,
    };
    const newer = snapshots.flatMap(({ rows }) => rows.filter((row) => isAfter(row, position)));
    existing = new Set(newer.map(transactionText));
  }

  /** Rows with another status than before, among those that were sent or existed when the watch began. */
  function changedRows(snapshots: readonly TransactionSnapshot[]): Transaction[] {
    return snapshots.flatMap((snapshot, index) => {
      const before = shown?.[index];
      if (before === undefined || before.rows === snapshot.rows) return [];
      const statuses = new Map(before.rows.map((row) => [transactionText(row), row.statusRaw]));
      return snapshot.rows.slice(0, pageRowsMax).filter((row) => {
        const text = transactionText(row);
        const status = statuses.get(text);
        const isKnown = !isAfter(row, position) || existing.has(text);
        const isChanged = isKnown && status !== undefined && status !== row.statusRaw;
        return isChanged && filtersOfAnyStatus[index]?.(row) === true;
      });
    });
  }

  async function takeChange(): Promise<TransactionsChange | null> {
    if (unsent.length > 0) {
      const trigger = triggerOf(shown ?? [], shown);
      return { ...takeUnsent(), changed: [], truncated: false, trigger, sources: sourcesBefore };
    }
    const snapshots = latest();
    const isFirst = shown === null;
    if (isFirst) begin(snapshots);
    const sources = sourcesOf(snapshots);
    const changed = changedRows(snapshots);
    const until: Instant = { second: closedSecondOf(snapshots, nowSecond()), nano: endNano };
    const found = await readNew(snapshots, until);
    // The next snapshot tries again from the same position.
    if (found === null) return null;
    const isSourceChanged = sources.some(
      (source, index) => sourcesBefore[index] === undefined || isOutcomeChanged(sourcesBefore[index], source),
    );
    const trigger = triggerOf(snapshots, shown);
    shown = snapshots;
    sourcesBefore = sources;
    unsent = found.rows
      .filter((row) => !existing.has(transactionText(row)))
      .sort((a, b) => compareRows(b, a));
    unsentUntil = compareInstants(until, position) > 0 ? until : position;
    if (!isFirst && unsent.length === 0 && changed.length === 0 && !found.isTruncated && !isSourceChanged) {
      position = unsentUntil;
      return null;
    }
    return { ...takeUnsent(), changed, truncated: found.isTruncated, trigger, sources };
  }

  async function readNew(
    snapshots: readonly TransactionSnapshot[],
    until: Instant,
  ): Promise<RowsBetween | null> {
    if (compareInstants(until, position) <= 0) return { rows: [], isTruncated: false };
    const parts = { selection, streams: options.streams, openRead: options.openRead };
    const found = await Promise.all(
      snapshots.map((snapshot, index) =>
        rowsBetween(lists[index]?.polled.wanted, snapshot, { after: position, until }, filters[index], parts),
      ),
    );
    if (found.some((rows) => rows === null)) return null;
    const all = found.filter((rows) => rows !== null);
    return all.some(({ isTruncated }) => isTruncated)
      ? { rows: [], isTruncated: true }
      : { rows: all.flatMap(({ rows }) => rows), isTruncated: false };
  }

  /** Takes the rows of the next event, and moves the position past them. */
  function takeUnsent(): Pick<TransactionsChange, 'added' | 'asOf'> {
    let count = Math.min(rowsPerEvent, unsent.length);
    const last = unsent[count - 1]?.createdAt.second;
    while (count < unsent.length && unsent[count]?.createdAt.second === last) count += 1;
    const added = unsent.splice(0, count);
    position = unsent.length === 0 || last === undefined ? unsentUntil : { second: last, nano: endNano };
    return { added, asOf: position };
  }

  return createWatch({ lists, takeChange, onEnd });
}

function triggerOf(
  snapshots: readonly TransactionSnapshot[],
  shown: readonly TransactionSnapshot[] | null,
): ChangeTrigger {
  if (shown === null) return 'START';
  return snapshots.some((snapshot, index) => snapshot !== shown[index] && snapshot.isNotified)
    ? 'WEBHOOK'
    : 'POLL';
}

function isAfter(row: Transaction, position: Instant): boolean {
  return compareInstants(row.createdAt, position) > 0;
}
