import { Failure } from '../domain/failure.ts';
import type { Transaction } from '../domain/model.ts';
import { compareRows } from './order.ts';
import type { RowReader } from './row-reader.ts';

/** A row, and the group (index from 0) it came from. */
export interface MergedRow {
  readonly row: Transaction;
  readonly groupIndex: number;
}

/**
 * The k-way merge of a walk's groups. A group that fails is left out from there on and named in `failures`; the
 * others go on.
 */
export class GroupMerge {
  readonly failures = new Map<number, Failure>();
  private readonly readers: Map<number, RowReader>;
  private readonly forward: boolean;
  private heads = new Map<number, Transaction | null>();

  constructor(readers: ReadonlyMap<number, RowReader>, direction: 'forward' | 'backward') {
    this.readers = new Map(readers);
    this.forward = direction === 'forward';
  }

  /** The next row over all groups; null at the end of those that could be read. */
  async peek(): Promise<MergedRow | null> {
    await Promise.all([...this.readers.keys()].map((groupIndex) => this.fillHead(groupIndex)));
    return this.bestHead();
  }

  /**
   * The same, where it is known without waiting; null where only `peek` can tell. Most rows of a page are: waiting
   * for each of them anew costs more than all else that is done with it.
   */
  get inHand(): MergedRow | null {
    if (this.failures.size > 0) return null;
    for (const [groupIndex, reader] of this.readers) {
      if (this.heads.has(groupIndex)) continue;
      const row = reader.inHand;
      if (row === undefined) return null;
      this.heads.set(groupIndex, row);
    }
    return this.bestHead();
  }

  /** Takes the row that `peek` showed. */
  take({ groupIndex }: MergedRow): void {
    this.readers.get(groupIndex)?.take();
    this.heads.delete(groupIndex);
  }

  /** Leaves a group out for good. */
  drop(groupIndex: number): void {
    this.readers.delete(groupIndex);
    this.heads.delete(groupIndex);
  }

  private async fillHead(groupIndex: number): Promise<void> {
    if (this.heads.has(groupIndex) || this.failures.has(groupIndex)) return;
    try {
      this.heads.set(groupIndex, (await this.readers.get(groupIndex)?.peek()) ?? null);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.failures.set(groupIndex, error);
    }
  }

  private bestHead(): MergedRow | null {
    let best: MergedRow | null = null;
    for (const [groupIndex, row] of this.heads) {
      if (row !== null && (best === null || this.isBefore(row, groupIndex, best))) best = { row, groupIndex };
    }
    return best;
  }

  private isBefore(row: Transaction, groupIndex: number, best: MergedRow): boolean {
    const step = compareRows(row, best.row) || groupIndex - best.groupIndex;
    return this.forward ? step < 0 : step > 0;
  }
}
