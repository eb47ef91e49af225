/** A system this gateway reads. */
export const providerCodes = ['UQPAY', 'IBANERA', 'NOAH'] as const;
export type ProviderCode = (typeof providerCodes)[number];

/** Which deployment of a provider is being read. */
export type ProviderEnvironment = 'EMBEDDED' | 'SANDBOX' | 'PRODUCTION';

/** The book a balance or transaction belongs to, in the order in which lists show them. */
export const ledgers = ['BANKING', 'ISSUING', 'PAYMENT', 'ASSET', 'CURRENT'] as const;
export type Ledger = (typeof ledgers)[number];

export const accountStatuses = [
  'ACTIVE',
  'PENDING',
  'PROCESSING',
  'REVIEW',
  'INACTIVE',
  'SUSPENDED',
  'CLOSED',
] as const;
export type AccountStatus = (typeof accountStatuses)[number] | 'UNRECOGNIZED';

export const balanceStatuses = ['ACTIVE', 'PENDING', 'PROCESSING', 'CLOSED', 'SUPPRESSED'] as const;
export type BalanceStatus = (typeof balanceStatuses)[number] | 'UNRECOGNIZED';

export const transactionTypes = [
  'DEPOSIT',
  'PAYIN',
  'PAYOUT',
  'TRANSFER',
  'TRANSFER_IN',
  'TRANSFER_OUT',
  'FUNDS_TRANSFER_IN',
  'FUNDS_TRANSFER_OUT',
  'CONVERSION',
  'FEE',
  'FEE_DEDUCTION',
  'FEE_REFUND',
  'REFUND',
  'ADJUSTMENT',
  'INVOICE',
  'ISSUING_AUTHORIZATION',
  'ISSUING_REVERSAL',
  'ISSUING_REFUND',
  'CARD_RECHARGE',
  'CARD_WITHDRAW',
  'SETTLEMENT_DEBIT',
  'SETTLEMENT_CREDIT',
  'SETTLEMENT_REVERSAL',
  'MARGIN_PAYMENT',
  'MARGIN_REFUND',
  'OTHER',
] as const;
export type TransactionType = (typeof transactionTypes)[number] | 'UNRECOGNIZED';

export const transactionStatuses = ['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type TransactionStatus = (typeof transactionStatuses)[number] | 'UNRECOGNIZED';

export const transactionDirections = ['CREDIT', 'DEBIT', 'UNSPECIFIED'] as const;
export type TransactionDirection = (typeof transactionDirections)[number];

/**
 * The member of a vocabulary that a provider's word stands for, upper-cased, blanks as underscores;
 * `UNRECOGNIZED` for a word nobody knows yet.
 */
export function recognise<Word extends string>(words: readonly Word[], raw: string): Word | 'UNRECOGNIZED' {
  // Nearly every word comes as it is written here.
  if (words.includes(raw as Word)) return raw as Word;
  const word = raw.trim().toUpperCase().replace(/ /g, '_') as Word;
  return words.includes(word) ? word : 'UNRECOGNIZED';
}
