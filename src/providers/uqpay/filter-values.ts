import type { TransactionStatus, TransactionType } from '../../domain/vocabulary.ts';

const same = <Word extends string>(words: readonly Word[]) =>
  Object.fromEntries(words.map((word) => [word, word]));

/** Types that the banking list can be filtered by, without `ALL` (reference section 5.2). */
export const bankingTypeMapping = same<TransactionType>([
  'PAYIN',
  'DEPOSIT',
  'PAYOUT',
  'TRANSFER',
  'CONVERSION',
  'FEE',
  'REFUND',
  'ADJUSTMENT',
  'INVOICE',
]);

/** Types that the issuing list can be filtered by (reference section 5.3). */
export const issuingTypeMapping = same<TransactionType>([
  'DEPOSIT',
  'TRANSFER_IN',
  'TRANSFER_OUT',
  'ISSUING_AUTHORIZATION',
  'ISSUING_REVERSAL',
  'ISSUING_REFUND',
  'CARD_RECHARGE',
  'CARD_WITHDRAW',
  'SETTLEMENT_DEBIT',
  'SETTLEMENT_CREDIT',
  'SETTLEMENT_REVERSAL',
  'FEE',
  'REFUND',
  'ADJUSTMENT',
  'FUNDS_TRANSFER_IN',
  'FUNDS_TRANSFER_OUT',
  'FEE_REFUND',
  'FEE_DEDUCTION',
  'MARGIN_PAYMENT',
  'MARGIN_REFUND',
  'OTHER',
]);

/** Statuses that both lists can be filtered by; `CANCELLED` occurs in rows only (reference section 8, row 21). */
export const statusMapping = same<TransactionStatus>(['COMPLETED', 'PENDING', 'FAILED']);
