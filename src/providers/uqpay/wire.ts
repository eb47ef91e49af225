import * as z from 'zod';
import { type WireObject, wireObject, wireRows } from '../shared/wire-object.ts';
import { wireCount, wireRequiredText, wireText } from '../shared/wire-values.ts';

// Fields that are not named here never get further: accounts carry personal data.

/** Reference section 1.2; `expired_at` in Unix seconds. */
export const wireToken = z.object({ auth_token: wireRequiredText, expired_at: wireCount });

/** Balances of all three lines; each line reports some of the amounts (reference sections 4.2 to 4.4). */
const readBalance = (row: WireObject) => ({
  balance_id: row.text('balance_id'),
  account_id: row.text('account_id'),
  currency: row.requiredText('currency'),
  available_balance: row.amount('available_balance'),
  payable_balance: row.amount('payable_balance'),
  pending_balance: row.amount('pending_balance'),
  reserved_balance: row.amount('reserved_balance'),
  prepaid_balance: row.amount('prepaid_balance'),
  margin_balance: row.amount('margin_balance'),
  frozen_balance: row.amount('frozen_balance'),
  balance_status: row.text('balance_status'),
  create_time: row.instant('create_time'),
  last_trade_time: row.instant('last_trade_time'),
});
export type WireBalance = ReturnType<typeof readBalance>;

/** Transactions of the banking and issuing ledgers (reference sections 5.2, 5.3). */
const readTransaction = (row: WireObject) => ({
  transaction_id: row.requiredText('transaction_id'),
  short_transaction_id: row.text('short_transaction_id'),
  account_id: row.text('account_id'),
  balance_id: row.text('balance_id'),
  transaction_type: row.text('transaction_type'),
  transaction_status: row.text('transaction_status'),
  currency: row.requiredText('currency'),
  amount: row.amount('amount'),
  ending_balance: row.amount('ending_balance'),
  credit_debit_type: row.text('credit_debit_type'),
  create_time: row.requiredInstant('create_time'),
  complete_time: row.instant('complete_time'),
  reference_id: row.text('reference_id'),
  transaction_way: row.text('transaction_way'),
  description: row.text('description'),
});
export type WireTransaction = ReturnType<typeof readTransaction>;

/** Connected accounts (reference section 3.1). */
export const wireAccount = z.object({
  account_id: wireRequiredText,
  short_reference_id: wireText,
  account_name: wireText,
  country: wireText,
  status: wireText,
  business_code: z
    .array(z.unknown())
    .nullish()
    .transform((codes) => (codes ?? []).filter((code) => typeof code === 'string')),
});
export type WireAccount = z.output<typeof wireAccount>;

const counted = { total_items: wireCount };

/** One balance, asked for by its currency. */
export const wireBalance = wireObject(readBalance);

/** List bodies (reference section 2.3). */
export const wireBalanceList = z.object({ ...counted, data: wireRows(readBalance) });
export const wireTransactionList = z.object({ ...counted, data: wireRows(readTransaction) });
export const wireAccountList = z.object({ ...counted, data: z.array(wireAccount).nullish() });
