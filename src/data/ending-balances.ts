import type { DecimalText } from '../domain/decimal.ts';
import {
  absoluteDecimal,
  addDecimals,
  compareDecimals,
  negateDecimal,
  subtractDecimals,
} from '../domain/decimal-sum.ts';
import { compareInstants } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import { signedAmount } from '../domain/signed-amount.ts';

/** A completed row, what it did to the balance, and the balance after it. */
export interface Movement {
  readonly row: Transaction;
  /** With the sign of its effect; null where nobody says it. */
  readonly signed: DecimalText | null;
  /** The balance after it; null when it is not known. */
  readonly balance: DecimalText | null;
  /** Whether the provider says that balance with the row. */
  readonly isReported: boolean;
  /** Whether the balances before and after it differ by something else than its amount. */
  readonly isBroken: boolean;
}

/**
 * Follows a balance through its completed rows, oldest first, from what it was before them (null where that is not
 * known). A row says its sign itself, or by the balances that the provider reports before and after it: they show it
 * where they differ by just its amount.
 */
export function followBalance(
  completed: readonly Transaction[],
  opening: DecimalText | null,
): readonly Movement[] {
  let balance = opening;
  return inReportedOrder(completed, opening).map((row) => {
    const before = balance;
    const after = row.endingBalance?.amount ?? null;
    const own = signedAmount(row)?.amount ?? null;
    if (after === null) {
      balance = before === null || own === null ? null : addDecimals(before, own);
      return { row, signed: own, balance, isReported: false, isBroken: false };
    }
    balance = after;
    const known = { row, balance: after, isReported: true };
    if (before === null || row.amount === null) return { ...known, signed: own, isBroken: false };
    const movement = subtractDecimals(after, before);
    const isBroken = !isSize(movement, row.amount.amount);
    return { ...known, signed: withSignOf(row.amount.amount, movement), isBroken };
  });
}

function isSize(movement: DecimalText, amount: DecimalText): boolean {
  return compareDecimals(absoluteDecimal(movement), absoluteDecimal(amount)) === 0;
}

/** An amount with the sign of a movement; with its own where nothing moved. */
function withSignOf(amount: DecimalText, movement: DecimalText): DecimalText {
  const direction = compareDecimals(movement, '0' as DecimalText);
  if (direction === 0) return amount;
  const size = absoluteDecimal(amount);
  return direction < 0 ? negateDecimal(size) : size;
}

/** Rows of one instant stand in the order in which the balances that they report follow from each other, if there is one. */
function inReportedOrder(rows: readonly Transaction[], opening: DecimalText | null): readonly Transaction[] {
  const ordered: Transaction[] = [];
  let balance = opening;
  for (let start = 0; start < rows.length; ) {
    const first = rows[start] as Transaction;
    let end = start + 1;
    while (end < rows.length && compareInstants((rows[end] as Transaction).createdAt, first.createdAt) === 0)
      end++;
    const tied = rows.slice(start, end);
    ordered.push(...(tied.length === 1 ? tied : chained(tied, balance)));
    balance = ordered.at(-1)?.endingBalance?.amount ?? null;
    start = end;
  }
  return ordered;
}

/** Steps that looking for an order may take: where many rows share amounts and balances there are too many to try. */
const stepsMax = 5_000;

function chained(rows: readonly Transaction[], opening: DecimalText | null): readonly Transaction[] {
  let steps = 0;
  const search = (
    left: readonly Transaction[],
    balance: DecimalText | null,
  ): readonly Transaction[] | null => {
    if (left.length === 0) return [];
    steps += 1;
    if (steps > stepsMax) return null;
    for (const row of left) {
      if (!follows(row, balance)) continue;
      const rest = search(
        left.filter((each) => each !== row),
        row.endingBalance?.amount ?? null,
      );
      if (rest !== null) return [row, ...rest];
    }
    return null;
  };
  return search(rows, opening) ?? rows;
}

function follows({ endingBalance, amount }: Transaction, balance: DecimalText | null): boolean {
  if (balance === null || endingBalance === null || amount === null) return true;
  return isSize(subtractDecimals(endingBalance.amount, balance), amount.amount);
}
