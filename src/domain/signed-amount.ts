import { type DecimalText, isZero } from './decimal.ts';
import type { Money, Transaction } from './model.ts';

/**
 * `amount` with the sign of its effect on the balance: credits positive, debits negative. The direction says it alone:
 * what a sign means beside it is documented for no provider, and Ibanera's sign is where its direction comes from. Zero
 * changes nothing, whichever way it went.
 */
export function signedAmount({ amount, direction }: Pick<Transaction, 'amount' | 'direction'>): Money | null {
  if (amount === null) return null;
  const size = amount.amount.replace(/^-/, '') as DecimalText;
  if (direction === 'CREDIT' || isZero(size)) return { ...amount, amount: size };
  return direction === 'DEBIT' ? { ...amount, amount: `-${size}` as DecimalText } : null;
}
