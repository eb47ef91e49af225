import type { DecimalText } from '../../domain/decimal.ts';
import {
  absoluteDecimal,
  addDecimals,
  compareDecimals,
  negateDecimal,
  subtractDecimals,
} from '../../domain/decimal-sum.ts';
import type { Transaction } from '../../domain/model.ts';
import { signedAmount } from '../../domain/signed-amount.ts';
import { inReportedOrder, isSize } from '../balances/balance-order.ts';

/** A completed row, its effect on the balance, and the balance after it. */
export interface Movement {
  readonly row: Transaction;
  /** With the sign of its effect; null if that is not reported. */
  readonly signed: DecimalText | null;
  /** The balance after it; null if unknown. */
  readonly balance: DecimalText | null;
  /** Whether the provider reports that balance with the row. */
  readonly isReported: boolean;
  /**
   * Whether the balances before and after it differ by anything but its amount; null if its position is
   * unknown.
   */
  readonly isBroken: boolean | null;
}

/**
 * Follows a balance through its completed rows, oldest first, from the balance before them (null if unknown).
 * A row reports its sign itself, or the balances that the provider reports before and after it show it if
 * they differ by exactly its amount.
 */
export function followBalance(
  completed: readonly Transaction[],
  opening: DecimalText | null,
): readonly Movement[] {
  let balance = opening;
  let isBeforeKnown = true;
  return inReportedOrder(completed, opening).map(({ row, isOrderKnown }) => {
    const before = balance;
    const isPlaceKnown = isOrderKnown && isBeforeKnown;
    isBeforeKnown = isOrderKnown;
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
    const follows = isSize(movement, row.amount.amount);
    if (!follows && !isPlaceKnown) return { ...known, signed: own, isBroken: null };
    return { ...known, signed: withSignOf(row.amount.amount, movement), isBroken: !follows };
  });
}

/** An amount with the sign of a movement; with its own sign if nothing moved. */
function withSignOf(amount: DecimalText, movement: DecimalText): DecimalText {
  const direction = compareDecimals(movement, '0' as DecimalText);
  if (direction === 0) return amount;
  const size = absoluteDecimal(amount);
  return direction < 0 ? negateDecimal(size) : size;
}
