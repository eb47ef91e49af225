import type { Failure } from '../../domain/failure.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import { type OpenGroup, openGroup, type ReaderDependencies } from './group-reader.ts';
import { GroupMerge, type MergedRow } from './merge.ts';
import { bottomPosition, comparePositions, compareToPosition, type Position, topPosition } from './order.ts';
import type { WantedRange } from './range-query.ts';
import type { SourceGroup } from './source-groups.ts';
import type { FilterMode, HeldPosition, PageAnchor, TransactionCursor } from './transaction-cursor.ts';

/** Everything needed to open readers over all groups, from any position, in either order. */
export interface PageFrame {
  readonly groups: readonly SourceGroup[];
  readonly mode: FilterMode;
  readonly window: Pick<WantedRange, 'snapshotBound' | 'createdFrom' | 'createdTo'>;
  readonly dependenciesOf: (group: SourceGroup) => ReaderDependencies;
}

/** Where a reading starts; without a cursor, at the first row in its order. */
export interface Start {
  readonly order: ReadingOrder;
  /** Whether to include the row that the cursor names. */
  readonly inclusive: boolean;
  readonly cursor: TransactionCursor | null;
  /** Rows likely to be needed. */
  readonly need: number;
  /** Whether to count the rows of the window, if no cursor has the count yet. */
  readonly wantsTotal?: boolean;
  /** Indexes of groups that did not answer when the snapshot bound was fixed: the end of their window is unknown. */
  readonly unbounded?: ReadonlySet<number>;
}

/** The outcome of one group. */
export interface GroupOutcome {
  readonly groupIndex: number;
  readonly failure: Failure | null;
  readonly leftOut: Failure | null;
  readonly staleBecause: Failure | null;
}

/** Reads all groups from one position in one order. */
export class RangeReading {
  readonly start: Start;
  /** Rows taken so far, in reading order. */
  readonly rows: MergedRow[] = [];
  private readonly groups: readonly SourceGroup[];
  private readonly open = new Map<number, OpenGroup>();
  private readonly merge: GroupMerge;

  /** `expected` gives the number of rows expected in each group's range. */
  constructor(frame: PageFrame, start: Start, expected?: readonly (number | null)[]) {
    this.start = start;
    this.groups = frame.groups;
    const origin = start.order === 'newest-first' ? topPosition : bottomPosition;
    const opposite = start.order === 'newest-first' ? bottomPosition : topPosition;
    for (const [groupIndex, group] of frame.groups.entries()) {
      const at = this.startOf(groupIndex);
      if (!group.exists || comparePositions(at, opposite) === 0) continue;
      const wantedRange: WantedRange = {
        ...frame.window,
        snapshotBound: this.snapshotBoundOf(groupIndex, frame.window.snapshotBound),
        order: start.order,
        start: comparePositions(at, origin) === 0 ? null : at,
        inclusive: this.isInclusive(groupIndex),
        expectedRowCount: expected?.[groupIndex] ?? expectedRows(start, groupIndex),
        passedRowCount: passedRows(start, groupIndex),
        need: start.need,
        startsAtOwnRow: start.cursor?.groupIndex === groupIndex && standsAtCursor(start, groupIndex),
        wantsTotal: start.wantsTotal ?? false,
        anchor: start.cursor?.anchors[String(groupIndex)] ?? null,
      };
      this.open.set(groupIndex, openGroup(group, wantedRange, frame.mode, frame.dependenciesOf(group)));
    }
    this.merge = new GroupMerge(
      new Map([...this.open].map(([groupIndex, { reader }]) => [groupIndex, reader])),
      start.order,
    );
  }

  /** The position a group starts from: its own if it was held, else the cursor's, else an end of the list. */
  startOf(groupIndex: number): Position {
    const { cursor, order } = this.start;
    if (cursor === null) return order === 'newest-first' ? topPosition : bottomPosition;
    return cursor.held[String(groupIndex)] ?? cursor.position;
  }

  /** A group's own position when the reading begins; null if it is that of the others. */
  heldAtStart(groupIndex: number): HeldPosition | null {
    return this.start.cursor?.held[String(groupIndex)] ?? null;
  }

  /**
   * Whether rows newer than the snapshot bound belong to the group's window, because it failed when the bound
   * was fixed.
   */
  isUnbounded(groupIndex: number): boolean {
    const { cursor, unbounded } = this.start;
    return unbounded?.has(groupIndex) === true || cursor?.snapshotBounds[String(groupIndex)] === null;
  }

  /** Upper end of a group's window; null while it is open. */
  private snapshotBoundOf(groupIndex: number, snapshotBound: Instant | null): Instant | null {
    if (this.isUnbounded(groupIndex)) return null;
    return this.start.cursor?.snapshotBounds[String(groupIndex)] ?? snapshotBound;
  }

  /** Whether to include the row that a group starts from. */
  private isInclusive(groupIndex: number): boolean {
    const held = this.heldAtStart(groupIndex);
    if (held === null) return this.start.inclusive;
    return held.side === (this.start.order === 'newest-first' ? 'before' : 'after');
  }

  /** The next row; null if none follows in the groups that could be read. */
  async peek(): Promise<MergedRow | null> {
    const next = await this.merge.peek();
    this.forgetLedgersThatAreNotThere();
    return next;
  }

  /** Whether no group could be read. */
  get isFailed(): boolean {
    const { failures } = this.merge;
    return this.rows.length === 0 && failures.size > 0 && failures.size === this.open.size;
  }

  /** Takes up to `rowCount` more rows before `until`; returns whether `until` stopped it. */
  async takeRows(rowCount: number, until: Position | null): Promise<boolean> {
    const isNewestFirst = this.start.order === 'newest-first';
    for (let taken = 0; taken < rowCount; taken++) {
      const next = this.merge.inHand ?? (await this.peek());
      if (next === null) return false;
      if (until !== null) {
        const step = compareToPosition(next.row, until);
        if (isNewestFirst ? step >= 0 : step <= 0) return true;
      }
      this.merge.take(next);
      this.rows.push(next);
    }
    return false;
  }

  /**
   * Takes up to `rowCount` more rows without keeping them; stops if a group fails, because its rows would be
   * missing.
   */
  async takeUnlessFailed(rowCount: number): Promise<readonly MergedRow[]> {
    const rows: MergedRow[] = [];
    while (rows.length < rowCount) {
      const next = this.merge.inHand ?? (await this.peek());
      if (next === null || this.merge.failures.size > 0) break;
      this.merge.take(next);
      rows.push(next);
    }
    return rows;
  }

  /** Where a later reading finds `position` of a group again, if the cursor has to contain that. */
  anchorOf(groupIndex: number, position: Position): PageAnchor | null {
    const found = this.open.get(groupIndex)?.anchorOf(position) ?? null;
    if (found !== null) return found;
    // Still valid for everything further on in its order, and for where the group was held.
    const known = this.start.cursor?.anchors[String(groupIndex)] ?? null;
    return known?.order === this.start.order ? known : null;
  }

  /** Rows of a group not taken; null if unknown, 0 for a group that does not exist. */
  remaining(groupIndex: number): number | null {
    if (this.merge.failures.has(groupIndex)) return null;
    const group = this.open.get(groupIndex);
    return group === undefined ? 0 : group.reader.remaining();
  }

  /** Whether rows follow those taken. A group that failed may have some: answering no would lose them. */
  async hasMore(): Promise<boolean> {
    for (const groupIndex of this.open.keys()) {
      if ((this.remaining(groupIndex) ?? 0) > 0) return true;
    }
    return (await this.peek()) !== null || this.merge.failures.size > 0;
  }

  /** Whether rows on the other side of the start were seen. */
  get metRowsBehind(): boolean {
    return [...this.open.values()].some(({ reader }) => reader.metRowsBehind);
  }

  /** Whether all remaining rows are in memory. */
  get isComplete(): boolean {
    return [...this.open.values()].every(({ reader }) => reader.isComplete);
  }

  /**
   * Groups that were read, with what went wrong: a failure, rows left out, or an older read served instead.
   */
  outcomes(): GroupOutcome[] {
    return [...this.open].map(([groupIndex, { sources }]) => ({
      groupIndex,
      failure: this.merge.failures.get(groupIndex) ?? null,
      leftOut: sources.find(({ leftOut }) => leftOut !== null)?.leftOut ?? null,
      staleBecause: sources.find((source) => source.staleBecause !== null)?.staleBecause ?? null,
    }));
  }

  /** If a provider knows the account in one ledger and not in another, the account lacks the other ledger. */
  private forgetLedgersThatAreNotThere(): void {
    for (const [groupIndex, failure] of this.merge.failures) {
      if (failure.code !== 'ACCOUNT_NOT_FOUND') continue;
      const { account } = this.groups[groupIndex] as SourceGroup;
      const isKnownElsewhere = [...this.open.keys()].some(
        (other) =>
          !this.merge.failures.has(other) &&
          this.groups[other]?.account.provider === account.provider &&
          this.groups[other]?.account.providerAccountId === account.providerAccountId,
      );
      if (!isKnownElsewhere) continue;
      this.merge.failures.delete(groupIndex);
      this.merge.drop(groupIndex);
      this.open.delete(groupIndex);
    }
  }
}

/** Whether a group continues from the position that the cursor's counts are for. */
function standsAtCursor({ cursor, order }: Pick<Start, 'cursor' | 'order'>, groupIndex: number): boolean {
  const held = cursor?.held[String(groupIndex)];
  if (cursor === null || held === undefined) return true;
  const side = order === 'newest-first' ? 'after' : 'before';
  return held.side === side && comparePositions(held, cursor.position) === 0;
}

/** Rows on the side that is not read, according to the cursor. */
function passedRows({ cursor, order }: Start, groupIndex: number): number | null {
  if (cursor === null) return 0;
  if (!standsAtCursor({ cursor, order }, groupIndex)) return null;
  const index = cursor.indexes[groupIndex] ?? null;
  const total = cursor.totals[groupIndex] ?? null;
  if (index === null || total === null) return null;
  return order === 'newest-first' ? index : total - index;
}

/** Rows on the side that is read, according to the cursor; the row it names may be returned again there. */
function expectedRows({ cursor, order }: Start, groupIndex: number): number | null {
  if (cursor === null || !standsAtCursor({ cursor, order }, groupIndex)) return null;
  const index = cursor.indexes[groupIndex] ?? null;
  if (index === null || order === 'oldest-first') return index;
  const total = cursor.totals[groupIndex] ?? null;
  return total === null ? null : total - index + Number(cursor.groupIndex === groupIndex);
}
