import { type DecimalText, isZero } from './decimal.ts';
import type { Money, Transaction } from './model.ts';

/**
 * `amount` with the sign of its effect on the balance: credits positive, debits negative, zero unsigned. Only the direction
 * decides: no provider documents what a sign means in addition to it, and Ibanera's direction is derived from the sign.
 */
export function signedAmount({ amount, direction }: Pick<Transaction, 'amount' | 'direction'>): Money | null {
  if (amount === null) return null;
  const absolute = amount.amount.replace(/^-/, '') as DecimalText;
  if (direction === 'CREDIT' || isZero(absolute)) return { ...amount, amount: absolute };
  return direction === 'DEBIT' ? { ...amount, amount: `-${absolute}` as DecimalText } : null;
}
