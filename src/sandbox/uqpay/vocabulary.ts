/** Banking `transaction_type` as rows carry it (reference section 5.2). */
export const bankingTypes = [
  'PAYIN',
  'DEPOSIT',
  'PAYOUT',
  'TRANSFER',
  'CONVERSION',
  'FEE',
  'REFUND',
  'ADJUSTMENT',
  'INVOICE',
] as const;

/** Issuing `transaction_type` as rows carry it (reference section 5.3). */
export const issuingTypes = [
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
] as const;

const statuses = ['COMPLETED', 'PENDING', 'FAILED'];

/** The values that each list filter accepts: `ALL` for banking only. */
export const bankingTypeFilters: ReadonlySet<string> = new Set(['ALL', ...bankingTypes]);
export const bankingStatusFilters: ReadonlySet<string> = new Set(['ALL', ...statuses]);
export const issuingTypeFilters: ReadonlySet<string> = new Set(issuingTypes);
export const issuingStatusFilters: ReadonlySet<string> = new Set(statuses);
