import { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import { compareRows } from './order.ts';
import type { RowReader } from './row-reader.ts';

/** A row, and the group (index from 0) it came from. */
export interface MergedRow {
  readonly row: Transaction;
  readonly groupIndex: number;
}

interface Source {
  readonly groupIndex: number;
  readonly reader: RowReader;
  /** Its next row; null at the end, undefined before it is read. */
  head: Transaction | null | undefined;
}

/**
 * The k-way merge of all groups. A group that fails is left out from then on and named in `failures`; the
 * others continue.
 */
export class GroupMerge {
  readonly failures = new Map<number, Failure>();
  private sources: Source[];
  private readonly order: ReadingOrder;

  constructor(readers: ReadonlyMap<number, RowReader>, order: ReadingOrder) {
    this.sources = Array.from(readers, ([groupIndex, reader]) => ({ groupIndex, reader, head: undefined }));
    this.order = order;
  }

  /** The next row over all groups; null at the end of those that could be read. */
  async peek(): Promise<MergedRow | null> {
    const unseen = this.sources.filter(({ head }) => head === undefined);
    if (unseen.length > 1) await Promise.all(unseen.map((source) => this.fillHead(source)));
    else if (unseen[0] !== undefined) await this.fillHead(unseen[0]);
    return this.bestHead();
  }

  /**
   * The same, if known without waiting; null if only `peek` can find out. Most rows of a page are known:
   * waiting for each would cost more than everything else done with it.
   */
  get inHand(): MergedRow | null {
    if (this.failures.size > 0) return null;
    for (const source of this.sources) {
      if (source.head === undefined) source.head = source.reader.inHand;
      if (source.head === undefined) return null;
    }
    return this.bestHead();
  }

  /** Takes the row that `peek` showed. */
  take({ groupIndex }: MergedRow): void {
    const source = this.sources.find((one) => one.groupIndex === groupIndex);
    if (source === undefined) return;
    source.reader.take();
    source.head = undefined;
  }

  /** Leaves a group out for good. */
  drop(groupIndex: number): void {
    this.sources = this.sources.filter((source) => source.groupIndex !== groupIndex);
  }

  private async fillHead(source: Source): Promise<void> {
    if (source.head !== undefined || this.failures.has(source.groupIndex)) return;
    try {
      source.head = await source.reader.peek();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.failures.set(source.groupIndex, error);
    }
  }

  private bestHead(): MergedRow | null {
    let best: MergedRow | null = null;
    for (const { groupIndex, head } of this.sources) {
      if (head === undefined || head === null) continue;
      if (best === null || this.isBefore(head, groupIndex, best)) best = { row: head, groupIndex };
    }
    return best;
  }

  private isBefore(row: Transaction, groupIndex: number, best: MergedRow): boolean {
    const step = compareRows(row, best.row) || groupIndex - best.groupIndex;
    return this.order === 'newest-first' ? step < 0 : step > 0;
  }
}
