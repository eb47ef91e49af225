import { isZero } from './decimal.ts';
import { absoluteDecimal, negateDecimal } from './decimal-sum.ts';
import type { Money, Transaction } from './model.ts';

/**
 * `amount` with the sign of its effect on the balance: credits positive, debits negative, zero unsigned. The direction
 * decides, because no provider documents what a sign means beside it. Without a direction the sign decides, if the
 * balances after neighbouring rows have shown that it is the effect. Null if neither is known.
 */
export function signedAmount({
  amount,
  direction,
  signIsEffect,
}: Pick<Transaction, 'amount' | 'direction' | 'signIsEffect'>): Money | null {
  if (amount === null) return null;
  const absolute = absoluteDecimal(amount.amount);
  if (direction === 'CREDIT' || isZero(absolute)) return { ...amount, amount: absolute };
  if (direction === 'DEBIT') return { ...amount, amount: negateDecimal(absolute) };
  return signIsEffect === true ? amount : null;
}
