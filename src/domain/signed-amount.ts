import { type DecimalText, isZero } from './decimal.ts';
import type { Money, Transaction } from './model.ts';

/**
 * `amount` with the sign of its effect on the balance: credits positive, debits negative. Providers that say the
 * direction write the amount with a sign of its own or without (UQPAY documents neither); a credit with a minus says
 * two things at once, so that its effect is not known. Nothing changes by zero, whichever way it went.
 */
export function signedAmount({ amount, direction }: Pick<Transaction, 'amount' | 'direction'>): Money | null {
  if (amount === null) return null;
  const isNegative = amount.amount.startsWith('-');
  const size = (isNegative ? amount.amount.slice(1) : amount.amount) as DecimalText;
  if (isZero(size)) return { ...amount, amount: size };
  if (direction === 'DEBIT') return { ...amount, amount: `-${size}` as DecimalText };
  return direction === 'CREDIT' && !isNegative ? amount : null;
}
