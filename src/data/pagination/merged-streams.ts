import type { Transaction } from '../../domain/model.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import { compareRowsIn } from './order.ts';
import type { RowReader } from './row-reader.ts';

/**
 * Several streams of one list (one for each value of a filter) as one. A row whose status changed between two
 * calls may be in two streams; it is returned once.
 */
export class MergedStreams implements RowReader {
  private readonly readers: readonly RowReader[];
  private readonly compare: (a: Transaction, b: Transaction) => number;
  private readonly oneByOne: boolean;
  private best: RowReader | null = null;
  private lastTaken: Transaction | null = null;

  constructor(readers: readonly RowReader[], order: ReadingOrder, oneByOne: boolean) {
    this.readers = readers;
    this.compare = compareRowsIn(order);
    this.oneByOne = oneByOne;
  }

  get metRowsBehind(): boolean {
    return this.readers.some((reader) => reader.metRowsBehind);
  }

  get isComplete(): boolean {
    return this.readers.every((reader) => reader.isComplete);
  }

  async peek(): Promise<Transaction | null> {
    const heads = await this.heads();
    let bestRow: Transaction | null = null;
    this.best = null;
    for (const [readerIndex, row] of heads.entries()) {
      if (row !== null && (bestRow === null || this.isBefore(row, bestRow))) {
        bestRow = row;
        this.best = this.readers[readerIndex] as RowReader;
      }
    }
    return bestRow;
  }

  take(): Transaction {
    this.lastTaken = (this.best as RowReader).take();
    return this.lastTaken;
  }

  remaining(): number | null {
    let sum = 0;
    for (const reader of this.readers) {
      const rows = reader.remaining();
      if (rows === null) return null;
      sum += rows;
    }
    return sum;
  }

  private async heads(): Promise<(Transaction | null)[]> {
    if (!this.oneByOne) return Promise.all(this.readers.map((reader) => this.headOf(reader)));
    const heads: (Transaction | null)[] = [];
    for (const reader of this.readers) heads.push(await this.headOf(reader));
    return heads;
  }

  private async headOf(reader: RowReader): Promise<Transaction | null> {
    for (;;) {
      const row = await reader.peek();
      if (row === null || this.lastTaken === null || this.isBefore(this.lastTaken, row)) return row;
      reader.take();
    }
  }

  private isBefore(a: Transaction, b: Transaction): boolean {
    return this.compare(a, b) < 0;
  }
}
