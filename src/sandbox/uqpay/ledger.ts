import type { UqpayBehaviour } from './behaviour.ts';
import { compareInstants, type Instant, parseInstant } from './instant.ts';

/** What a ledger needs to know of a row. */
export interface LedgerRow {
  readonly transaction_id: string;
  readonly create_time: string;
  readonly complete_time: string | null;
  readonly transaction_status: string;
}

/** The part of the behaviour that decides a ledger's order. */
export type LedgerOrder = Pick<UqpayBehaviour, 'listOrder' | 'tieOrder' | 'listGrouping'>;

/** Inclusive bounds on the create time; null is open (reference section 5.2). */
export interface TimeWindow {
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly comparison: UqpayBehaviour['timeComparison'];
}

/** The rows that one list call selects, before they are cut into pages. */
export interface Selection<Row> {
  readonly total: number;
  /** Rows from `rowIndex` (from 0), at most `count`. */
  slice(rowIndex: number, count: number): readonly Row[];
}

interface Entry<Row> {
  row: Row;
  readonly instant: Instant;
  readonly insertedIndex: number;
  /** Computed when an order first needs it. */
  hash: number | null;
}

/**
 * The transactions of one account in one line, kept in listing order, so that a page of a time window takes two binary
 * searches and a slice.
 *
 * Order: by the whole second of the create time, then within one second by `tieOrder`. With `inserted` a newest-first
 * list is the exact reverse of an oldest-first one; with the other tie orders it is not.
 */
export class Ledger<Row extends LedgerRow> {
  readonly #orderNow: () => LedgerOrder;
  readonly #entries: Entry<Row>[] = [];
  /** The order in which the entries were last sorted; null once one was added. */
  #sortedBy: LedgerOrder | null = null;
  #insertedCount = 0;

  constructor(orderNow: () => LedgerOrder) {
    this.#orderNow = orderNow;
  }

  /** Throws RangeError when the create time cannot be read. */
  insert(row: Row): void {
    const instant = parseInstant(row.create_time);
    if (instant === null) {
      throw new RangeError(`create_time must be ISO 8601 with an offset, not "${row.create_time}"`);
    }
    this.#entries.push({
      row,
      instant,
      insertedIndex: this.#insertedCount++,
      hash: null,
    });
    this.#sortedBy = null;
  }

  remove(transactionId: string): void {
    const index = this.#entries.findIndex(({ row }) => row.transaction_id === transactionId);
    if (index !== -1) this.#entries.splice(index, 1);
  }

  /**
   * Changes the status of a row; one that is no longer pending is completed at `nowText`. Returns the row; null if it has
   * that status already.
   */
  setStatus(transactionId: string, transaction_status: string, nowText: string): Row | null {
    const entry = this.#entries.find(({ row }) => row.transaction_id === transactionId);
    if (entry === undefined || entry.row.transaction_status === transaction_status) return null;
    const isNewlyDone = transaction_status !== 'PENDING' && !entry.row.complete_time;
    const complete_time = isNewlyDone ? nowText : entry.row.complete_time;
    entry.row = { ...entry.row, transaction_status, complete_time };
    return entry.row;
  }

  /** All rows in listing order. */
  rows(): readonly Row[] {
    return this.#inOrder().map(({ row }) => row);
  }

  /** The rows inside the window for which `matches` holds (null: all of them), in listing order. */
  select(window: TimeWindow, matches: ((row: Row) => boolean) | null): Selection<Row> {
    const entries = this.#inOrder();
    const [start, end] = this.#secondRange(entries, window);
    const order = this.#orderNow();
    const isWindowExact =
      order.listOrder === 'unordered'
        ? window.from === null && window.to === null
        : !hasOffender(entries, start, end, window);
    const isGrouped = order.listGrouping === 'by-status';
    if (matches === null && isWindowExact && !isGrouped) {
      return {
        total: end - start,
        slice: (rowIndex, count) =>
          entries.slice(start + rowIndex, Math.min(start + rowIndex + count, end)).map(({ row }) => row),
      };
    }
    const rows: Row[] = [];
    for (let index = start; index < end; index += 1) {
      const entry = entries[index];
      if (entry !== undefined && isInside(entry.instant, window) && (matches?.(entry.row) ?? true)) {
        rows.push(entry.row);
      }
    }
    if (isGrouped) rows.sort((left, right) => Number(isPending(right)) - Number(isPending(left)));
    return { total: rows.length, slice: (rowIndex, count) => rows.slice(rowIndex, rowIndex + count) };
  }

  #inOrder(): readonly Entry<Row>[] {
    const order = this.#orderNow();
    if (this.#sortedBy !== order) {
      this.#entries.sort(comparatorOf(order));
      this.#sortedBy = order;
    }
    return this.#entries;
  }

  /** The index range [start, end) of the seconds the window touches; the whole list when it has no order. */
  #secondRange(entries: readonly Entry<Row>[], { from, to }: TimeWindow): [number, number] {
    const fromSecond = from?.second ?? Number.NEGATIVE_INFINITY;
    const toSecond = to?.second ?? Number.POSITIVE_INFINITY;
    const { listOrder } = this.#orderNow();
    if (listOrder === 'unordered') return [0, entries.length];
    const newestFirst = listOrder === 'newest-first';
    const start = firstIndex(entries, ({ second }) =>
      newestFirst ? second <= toSecond : second >= fromSecond,
    );
    const end = firstIndex(entries, ({ second }) => (newestFirst ? second < fromSecond : second > toSecond));
    return [start, Math.max(start, end)];
  }
}

function isPending({ transaction_status }: LedgerRow): boolean {
  return transaction_status === 'PENDING';
}

function isInside(instant: Instant, { from, to, comparison }: TimeWindow): boolean {
  if (comparison === 'second') {
    return (from === null || instant.second >= from.second) && (to === null || instant.second <= to.second);
  }
  return (
    (from === null || compareInstants(instant, from) >= 0) &&
    (to === null || compareInstants(instant, to) <= 0)
  );
}

/** Whether a row of the first or last second is outside by its fraction; rows between cannot be. */
function hasOffender<Row>(
  entries: readonly Entry<Row>[],
  start: number,
  end: number,
  window: TimeWindow,
): boolean {
  for (const [first, step] of [
    [start, 1],
    [end - 1, -1],
  ] as const) {
    const boundary = entries[first]?.instant.second;
    for (let index = first; index >= start && index < end; index += step) {
      const instant = entries[index]?.instant;
      if (instant === undefined || instant.second !== boundary) break;
      if (!isInside(instant, window)) return true;
    }
  }
  return false;
}

/** Index of the first entry that satisfies a predicate; it must hold for all entries after that. */
function firstIndex<Row>(entries: readonly Entry<Row>[], holds: (instant: Instant) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && holds(entry.instant)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function comparatorOf({ listOrder, tieOrder }: LedgerOrder) {
  const direction = listOrder === 'newest-first' ? -1 : 1;
  return <Row extends LedgerRow>(left: Entry<Row>, right: Entry<Row>): number => {
    if (listOrder === 'unordered')
      return hashOf(left) - hashOf(right) || left.insertedIndex - right.insertedIndex;
    const bySecond = direction * (left.instant.second - right.instant.second);
    if (bySecond !== 0) return bySecond;
    const byInsertion = direction * (left.insertedIndex - right.insertedIndex);
    if (tieOrder === 'inserted') return byInsertion;
    if (tieOrder === 'hashed') return hashOf(left) - hashOf(right) || byInsertion;
    const byId = left.row.transaction_id < right.row.transaction_id ? -1 : 1;
    return tieOrder === 'id-ascending' ? byId : -byId;
  };
}

function hashOf(entry: Entry<LedgerRow>): number {
  entry.hash ??= hashText(entry.row.transaction_id);
  return entry.hash;
}

/** FNV-1a over the text: stable, and unrelated to any order of the ids. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
