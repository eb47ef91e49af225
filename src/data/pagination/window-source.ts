import type { Failure } from '../../domain/failure.ts';
import { transactionText } from '../../domain/global-id.ts';
import { ceilSecond, compareInstants } from '../../domain/instant.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import { openGroup, type ReaderDependencies, sourceOf } from './group-reader.ts';
import { wholeWindow } from './range-query.ts';
import { allRowsNeed, takeAll } from './row-reader.ts';
import { isPageNumbered, type PageNumberGroup, type SourceGroup } from './source-groups.ts';
import { type CountedSlice, countSlice, readSlice, type SliceTask } from './window-slice.ts';

/** What is known about a source's rows before all are read. */
export interface WindowCount {
  /** Rows of the window, as the provider counts them; null if it does not. */
  readonly rowCount: number | null;
  /** Whether all of the window was counted; false if `mayGoOn` said no. */
  readonly isWhole: boolean;
  /** Calls needed to read the rows not read yet. */
  readonly callsLeft: number;
  /**
   * Text that stays the same only while the window has the same rows with the same signs; null if nothing can
   * prove that.
   */
  readonly proof: string | null;
}

/** The rows of one account's ledger in a window. */
export interface WindowSource {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  /** The filters applied upstream and here, as text; part of the cache key of its results. */
  readonly filterText: string;
  /** Why an older read was served instead; null if none was. */
  readonly staleBecause: Failure | null;
  /**
   * Counts the window, with one call for each time range that the provider accepts, as long as `mayGoOn`
   * accepts the number of calls that the ranges so far need. Rejects with a `Failure`.
   */
  count(mayGoOn?: (callsLeft: number) => boolean): Promise<WindowCount>;
  /** Every row once, in no particular order. Rejects with a `Failure` if one is missing. */
  rows(): Promise<readonly Transaction[]>;
}

/** Opens the window of one source. */
export function openWindow(
  group: SourceGroup,
  window: TimeSpan,
  dependencies: ReaderDependencies,
): WindowSource {
  return isPageNumbered(group)
    ? new CountedWindow(group, window, dependencies)
    : openUncounted(group, window, dependencies);
}

/** A list that counts its rows: its pages are read one after another as long as the counts do not change. */
class CountedWindow implements WindowSource {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  readonly filterText: string;
  private readonly task: SliceTask;
  private readonly slices: readonly TimeSpan[];
  private counted: readonly CountedSlice[] | null = null;

  constructor(group: PageNumberGroup, window: TimeSpan, dependencies: ReaderDependencies) {
    this.account = group.account;
    this.ledger = group.ledger;
    this.filterText = JSON.stringify(group.local.query);
    const source = sourceOf(group, group.local.query, dependencies);
    this.task = { group, dependencies, source };
    this.slices = toSlices(window, group.feed.spanSecondsMax);
  }

  get staleBecause(): Failure | null {
    return this.task.source.staleBecause;
  }

  async count(mayGoOn = (_callsLeft: number) => true): Promise<WindowCount> {
    const counted: CountedSlice[] = [];
    const callsLeft = () => sum(counted.map((each) => each.callsLeft));
    for (const slice of this.slices) {
      if (!mayGoOn(callsLeft())) break;
      counted.push(await countSlice(this.task, slice));
    }
    mayGoOn(callsLeft());
    const isWhole = counted.length === this.slices.length;
    if (isWhole) this.counted = counted;
    const isProven =
      isWhole && counted.every(({ isCounted }) => isCounted) && !this.task.group.severalStatuses;
    const { feed } = this.task.group;
    return {
      rowCount: sum(counted.map(({ rowCount }) => rowCount)),
      isWhole,
      callsLeft: callsLeft(),
      // Rows read after the count may have shown what signs mean.
      get proof() {
        const counts = counted.map(({ rowCount, firstRows }) => [rowCount, firstRows]);
        return isProven ? JSON.stringify([feed.areSignsEffects?.() ?? null, counts]) : null;
      },
    };
  }

  async rows(): Promise<readonly Transaction[]> {
    if (this.counted === null) await this.count();
    const found = new Map<string, Transaction>();
    for (const counted of this.counted ?? []) {
      // Neighbouring slices share a second.
      for (const row of await readSlice(this.task, counted)) found.set(transactionText(row), row);
    }
    const matches = this.task.group.local.matches ?? (() => true);
    const window = { from: this.slices.at(-1)?.from, to: this.slices[0]?.to } as TimeSpan;
    return [...found.values()]
      .filter((row) => this.task.source.isOwn(row) && isWithin(row, window) && matches(row))
      .map((row) => this.withSign(row));
  }

  /** The row with its sign as all rows read have shown it, not only those before it. */
  private withSign(row: Transaction): Transaction {
    const areEffects = this.task.group.feed.areSignsEffects?.() ?? row.signIsEffect === true;
    if (areEffects === (row.signIsEffect === true)) return row;
    const { signIsEffect: _, ...plain } = row;
    return areEffects ? { ...plain, signIsEffect: true } : plain;
  }
}

/** A list by page token has no count: it is read from its end until it leaves the window. */
function openUncounted(
  group: SourceGroup,
  { from, to }: TimeSpan,
  dependencies: ReaderDependencies,
): WindowSource {
  const bounds = { createdFrom: from, createdTo: to, need: allRowsNeed };
  const range = { ...wholeWindow, order: 'newest-first', ...bounds } as const;
  const { reader, sources } = openGroup(group, range, 'local', dependencies);
  return {
    account: group.account,
    ledger: group.ledger,
    filterText: '',
    get staleBecause() {
      return sources.find(({ staleBecause }) => staleBecause !== null)?.staleBecause ?? null;
    },
    async count() {
      await reader.peek();
      return { rowCount: null, isWhole: true, callsLeft: Number(!reader.isComplete), proof: null };
    },
    rows: () => takeAll(reader),
  };
}

/**
 * Time ranges that the provider accepts, newest first; neighbours share a second, so that no fraction falls
 * between them.
 */
function toSlices({ from, to }: TimeSpan, spanSecondsMax: number | null): readonly TimeSpan[] {
  if (spanSecondsMax === null) return [{ from, to }];
  const slices: TimeSpan[] = [];
  let upper = to;
  while (ceilSecond(upper) - from.second > spanSecondsMax) {
    const lower = { second: ceilSecond(upper) - spanSecondsMax, nano: 0 };
    slices.push({ from: lower, to: upper });
    upper = { second: lower.second + 1, nano: 0 };
  }
  return [...slices, { from, to: upper }];
}

function isWithin({ createdAt }: Transaction, { from, to }: TimeSpan): boolean {
  return compareInstants(createdAt, from) >= 0 && compareInstants(createdAt, to) < 0;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
