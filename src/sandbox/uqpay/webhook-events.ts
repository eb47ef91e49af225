import { uuidOf } from '../shared/uuid-of.ts';
import type { BankingTransactionRecord, IssuingTransactionRecord } from './records.ts';

/** An event that UQPAY sends (reference section 6.3). */
export interface UqpayEvent {
  readonly name: string;
  /** The part with a dot. */
  readonly type: string;
  /** What the event is about: a deposit, a payout, a transaction. */
  readonly sourceId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The last part of an event's type by the row's status. */
type ByStatus = Readonly<Record<string, string>>;

const deposit: ByStatus = {
  PENDING: 'deposit.pending',
  COMPLETED: 'deposit.completed',
  FAILED: 'deposit.compliance.rejected',
};

/** Types of banking rows with documented events. Transfers have a name without a type, the others nothing. */
const bankingTypes: Readonly<Record<string, readonly [name: string, types: ByStatus]>> = {
  DEPOSIT: ['DEPOSIT', deposit],
  PAYIN: ['DEPOSIT', deposit],
  PAYOUT: [
    'PAYOUT',
    { PENDING: 'payout.ready.send', COMPLETED: 'payout.completed', FAILED: 'payout.failed' },
  ],
  CONVERSION: [
    'CONVERSION',
    {
      PENDING: 'conversion.funds.awaiting',
      COMPLETED: 'conversion.trade.settled',
      FAILED: 'conversion.trade.failed',
    },
  ],
};

const always = (type: string): ByStatus => ({ PENDING: type, COMPLETED: type, FAILED: type });

const issuingTypes: Readonly<Record<string, ByStatus>> = {
  ISSUING_AUTHORIZATION: always('issuing.transaction.authorization'),
  ISSUING_REVERSAL: always('issuing.transaction.reversal'),
  ISSUING_REFUND: always('issuing.transaction.refund'),
  SETTLEMENT_CREDIT: always('issuing.transaction.settlement.credit'),
  SETTLEMENT_DEBIT: always('issuing.transaction.settlement.debit'),
  SETTLEMENT_REVERSAL: always('issuing.transaction.settlement.reversal'),
  FEE: always('issuing.fee.card'),
  CARD_RECHARGE: { COMPLETED: 'card.recharge.succeeded', FAILED: 'card.recharge.failed' },
  CARD_WITHDRAW: { COMPLETED: 'card.withdraw.succeeded', FAILED: 'card.withdraw.failed' },
};

/** The event of a banking row that was added or changed its status; null if none is documented. */
export function toBankingEvent(row: BankingTransactionRecord, masterAccountId: string): UqpayEvent | null {
  const { account_id, currency, reference_id, transaction_type, transaction_status } = row;
  const [name, types] = bankingTypes[transaction_type] ?? [];
  const type = types?.[transaction_status];
  if (name === undefined || type === undefined) return null;
  const direct_id = account_id === masterAccountId ? '0' : masterAccountId;
  const common = { account_id, direct_id };
  const dataOf: Readonly<Record<string, () => object>> = {
    DEPOSIT: () => ({
      deposit_id: reference_id,
      deposit_currency: currency,
      deposit_amount: row.amount,
      deposit_status: titleCase(transaction_status),
      create_time: row.create_time,
      complete_time: row.complete_time || null,
    }),
    PAYOUT: () => ({ currency, payout_currency: currency, fee_currency: currency }),
    // A row is one side of a conversion.
    CONVERSION: () =>
      row.credit_debit_type === 'C' ? { buy_currency: currency } : { sell_currency: currency },
  };
  return { name, type, sourceId: reference_id, data: { ...common, ...dataOf[name]?.() } };
}

/** The event of an issuing row that was added or changed its status; null if none is documented. */
export function toIssuingEvent(row: IssuingTransactionRecord): UqpayEvent | null {
  const { balance_id, currency, transaction_id, transaction_type, transaction_status } = row;
  const type = issuingTypes[transaction_type]?.[transaction_status];
  if (type === undefined) return null;
  // No sample has the account's identifier.
  const card_id = uuidOf(`card of ${balance_id}`);
  const data = type.startsWith('card.')
    ? { card_id, card_currency: currency }
    : { card_id, transaction_id, billing_currency: currency, billing_amount: row.amount };
  return { name: 'ISSUING', type, sourceId: transaction_id, data };
}

/** The event of a payment that a customer has made; amounts are strings (reference sections 5.6 and 6.3). */
export function toPaymentEvent(paymentIntentId: string, currency: string, amount: string): UqpayEvent {
  return {
    name: 'ACQUIRING',
    type: 'acquiring.payment_intent.succeeded',
    sourceId: paymentIntentId,
    data: { payment_intent_id: paymentIntentId, currency, amount },
  };
}

/** The event of payments that were settled to the available balance. */
export function toSettlementEvent(
  settlement_batch_id: string,
  currency: string,
  settled_amount: string,
  settled_time: string,
): UqpayEvent {
  return {
    name: 'ACQUIRING',
    type: 'acquiring.payment.settlement',
    sourceId: settlement_batch_id,
    data: { settlement_batch_id, settled_amount, currency, settled_time },
  };
}

/** `Pending`: callbacks write statuses so where replies have capitals (reference section 6.3). */
function titleCase(status: string): string {
  return `${status.charAt(0)}${status.slice(1).toLowerCase()}`;
}
