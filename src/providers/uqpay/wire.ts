import * as z from 'zod';
import {
  wireAmount,
  wireCount,
  wireInstant,
  wireRequiredInstant,
  wireRequiredText,
  wireText,
} from '../shared/wire-values.ts';

// Fields that are not named here never get further: accounts carry personal data.

/** Reference section 1.2; `expired_at` in Unix seconds. */
export const wireToken = z.object({ auth_token: wireRequiredText, expired_at: wireCount });

/** Balances of all three lines; each line reports some of the amounts (reference sections 4.2 to 4.4). */
export const wireBalance = z.object({
  balance_id: wireText,
  account_id: wireText,
  currency: wireRequiredText,
  available_balance: wireAmount,
  payable_balance: wireAmount,
  pending_balance: wireAmount,
  reserved_balance: wireAmount,
  prepaid_balance: wireAmount,
  margin_balance: wireAmount,
  frozen_balance: wireAmount,
  balance_status: wireText,
  create_time: wireInstant,
  last_trade_time: wireInstant,
});
export type WireBalance = z.output<typeof wireBalance>;

/** Transactions of the banking and issuing ledgers (reference sections 5.2, 5.3). */
export const wireTransaction = z.object({
  transaction_id: wireRequiredText,
  short_transaction_id: wireText,
  account_id: wireText,
  balance_id: wireText,
  transaction_type: wireText,
  transaction_status: wireText,
  currency: wireRequiredText,
  amount: wireAmount,
  ending_balance: wireAmount,
  credit_debit_type: wireText,
  create_time: wireRequiredInstant,
  complete_time: wireInstant,
  reference_id: wireText,
  transaction_way: wireText,
  description: wireText,
});
export type WireTransaction = z.output<typeof wireTransaction>;

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
const rowsOf = <Row extends z.ZodType>(row: Row) => z.array(row).nullish();

/** List bodies (reference section 2.3). */
export const wireBalanceList = z.object({ ...counted, data: rowsOf(wireBalance) });
export const wireTransactionList = z.object({ ...counted, data: rowsOf(wireTransaction) });
export const wireAccountList = z.object({ ...counted, data: rowsOf(wireAccount) });
