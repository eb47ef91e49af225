/** A system this gateway reads. */
export const providerCodes = ['UQPAY', 'IBANERA', 'NOAH'] as const;
export type ProviderCode = (typeof providerCodes)[number];

/** Which deployment of a provider the gateway reads. */
export type ProviderEnvironment = 'EMBEDDED' | 'SANDBOX' | 'PRODUCTION';

/** The ledgers that balances and transactions belong to, in the order in which lists show them. */
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
 * Maps a provider's value to an enum member, ignoring case and with blanks as underscores; `UNRECOGNIZED` when there is
 * none.
 */
export function recognise<Member extends string>(
  members: readonly Member[],
  raw: string,
): Member | 'UNRECOGNIZED' {
  // Nearly every value arrives in exactly this spelling.
  if (members.includes(raw as Member)) return raw as Member;
  const member = raw.trim().toUpperCase().replace(/ /g, '_') as Member;
  return members.includes(member) ? member : 'UNRECOGNIZED';
}
