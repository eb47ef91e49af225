/**
 * What the sandbox stores, in UQPAY's own field names. Every amount is decimal text; whether it is sent as a JSON
 * string or a JSON number is decided when it is written (reference section 8, rows 1 and 2). Records are replaced,
 * never changed, so one that was returned keeps its state.
 */

/** The ledgers with balances. */
export type Line = 'banking' | 'issuing' | 'payment';

/** The ledgers with a transaction list; payment has none (reference section 5.1). */
export type LedgerLine = 'banking' | 'issuing';

/** The words of `business_code` (reference section 3.1). */
export type BusinessCode = 'BANKING' | 'ISSUING' | 'ACQUIRING';

/** A connected account (reference section 3.1) and the private part of its detail (section 3.2). */
export interface AccountRecord {
  readonly account_id: string;
  readonly short_reference_id: string;
  readonly business_code: readonly BusinessCode[];
  readonly email: string;
  readonly account_name: string;
  readonly country: string;
  readonly status: string;
  readonly verification_status: string;
  readonly entity_type: string;
  readonly contact_details: Readonly<Record<string, unknown>>;
  /** Companies only. */
  readonly business_details?: Readonly<Record<string, unknown>>;
  /** Fields that only the detail shows. They hold invented personal data, so that a leak would be visible. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Reference section 4.2. */
export interface BankingBalanceRecord {
  readonly balance_id: string;
  readonly currency: string;
  readonly available_balance: string;
  readonly prepaid_balance: string;
  readonly margin_balance: string;
  readonly frozen_balance: string;
  readonly create_time: string;
  readonly last_trade_time: string;
  readonly balance_status: string;
}

/** Reference section 4.3. */
export interface IssuingBalanceRecord {
  readonly balance_id: string;
  readonly currency: string;
  readonly available_balance: string;
  readonly margin_balance: string;
  readonly frozen_balance: string;
  readonly create_time: string;
  readonly last_trade_time: string;
  readonly balance_status: string;
}

/** Reference section 4.4. */
export interface PaymentBalanceRecord {
  readonly balance_id: string;
  readonly currency: string;
  readonly available_balance: string;
  readonly payable_balance: string;
  readonly pending_balance: string;
  readonly reserved_balance: string;
  readonly margin_balance: string;
  readonly frozen_balance: string;
}

/** Reference section 5.2. `create_time` keeps the text it was given. */
export interface BankingTransactionRecord {
  readonly transaction_id: string;
  readonly balance_id: string;
  readonly account_id: string;
  readonly transaction_type: string;
  readonly currency: string;
  readonly amount: string;
  readonly credit_debit_type: string;
  readonly create_time: string;
  /** Null or `""` while pending (section 8, row 31). */
  readonly complete_time: string | null;
  readonly reference_id: string;
  readonly transaction_status: string;
  readonly transaction_way: string;
  /** On payouts only, as one SDK saw it. */
  readonly payout_way?: string;
}

/** Reference section 5.3. `create_time` keeps the text it was given. */
export interface IssuingTransactionRecord {
  readonly transaction_id: string;
  readonly short_transaction_id: string;
  readonly account_id: string;
  readonly balance_id: string;
  readonly transaction_type: string;
  readonly currency: string;
  readonly amount: string;
  readonly ending_balance: string;
  readonly create_time: string;
  /** Null or `""` while pending (section 8, row 31). */
  readonly complete_time: string | null;
  readonly transaction_status: string;
  readonly description: string;
}

/** The balance record of each line. */
export interface BalanceRecords {
  banking: BankingBalanceRecord;
  issuing: IssuingBalanceRecord;
  payment: PaymentBalanceRecord;
}

/** The transaction record of each line that has one. */
export interface TransactionRecords {
  banking: BankingTransactionRecord;
  issuing: IssuingTransactionRecord;
}
