import { isZero } from '../../domain/decimal.ts';
import { compareDecimals, negateDecimal, subtractDecimals } from '../../domain/decimal-sum.ts';
import { compareInstants } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { CountedPage } from '../../ports/page.ts';
import type { TransactionQuery } from '../../ports/transaction-feed.ts';
import type { Reading } from '../../ports/upstream.ts';

type Rows = readonly Transaction[];

/**
 * What the sign of an issuing amount means. No source documents it (reference section 5.3), but rows carry the balance
 * after them. A negative amount that lowered the balance by exactly its size shows that signs are effects. A positive
 * one that raised it shows nothing, because amounts without a sign would look the same. Once a balance has moved the
 * other way, signs are never taken as effects.
 */
export class AmountSigns {
  private isDebitShown = false;
  private isContradicted = false;
  private readonly noted = new WeakSet<Rows>();
  private readonly marked = new WeakMap<Rows, Rows>();

  /** Reads a page, and marks its rows by what it and earlier pages have shown. */
  async readPage(
    read: Promise<Reading<CountedPage<Transaction>>>,
    { type, status }: TransactionQuery,
  ): Promise<Reading<CountedPage<Transaction>>> {
    const reading = await read;
    const { value } = reading;
    // Other filters leave out rows that moved the balance between the rows shown.
    if (type === undefined && (status === undefined || status === 'COMPLETED')) this.note(value.rows);
    return { ...reading, value: { ...value, rows: this.mark(value.rows) } };
  }

  /** Learns from rows that follow each other directly. */
  private note(rows: Rows): void {
    if (this.isContradicted || this.noted.has(rows)) return;
    this.noted.add(rows);
    const balances = Map.groupBy(rows, ({ account, providerBalanceId, currency }) =>
      JSON.stringify([account.providerAccountId, providerBalanceId, currency]),
    );
    for (const ofBalance of balances.values()) {
      const oldestFirst = ofBalance.toSorted((a, b) => compareInstants(a.createdAt, b.createdAt));
      for (const [rowIndex, row] of oldestFirst.entries()) {
        const before = oldestFirst[rowIndex - 1];
        const isAlone = (index: number) => standsAlone(oldestFirst, index);
        if (before !== undefined && isAlone(rowIndex) && isAlone(rowIndex - 1)) this.compare(before, row);
      }
    }
  }

  /** Whether signs have been shown to be effects, and nothing has contradicted it. */
  get areEffects(): boolean {
    return this.isDebitShown && !this.isContradicted;
  }

  /** The rows, with `signIsEffect` where that has been shown. */
  mark(rows: Rows): Rows {
    if (!this.areEffects) return rows;
    const known = this.marked.get(rows);
    if (known !== undefined) return known;
    const marked = rows.map((row): Transaction => ({ ...row, signIsEffect: true }));
    this.marked.set(rows, marked);
    return marked;
  }

  private compare(before: Transaction, { amount, endingBalance }: Transaction): void {
    if (amount === null || endingBalance === null || before.endingBalance === null) return;
    const moved = subtractDecimals(endingBalance.amount, before.endingBalance.amount);
    if (isZero(moved)) return;
    if (compareDecimals(moved, amount.amount) === 0) {
      if (moved.startsWith('-')) this.isDebitShown = true;
    } else if (compareDecimals(moved, negateDecimal(amount.amount)) === 0) {
      this.isContradicted = true;
    }
  }
}

/** Whether no other row has the same time; the order of such rows is unknown. */
function standsAlone(rows: Rows, rowIndex: number): boolean {
  const row = rows[rowIndex];
  return [rows[rowIndex - 1], rows[rowIndex + 1]].every(
    (other) =>
      row === undefined || other === undefined || compareInstants(row.createdAt, other.createdAt) !== 0,
  );
}
