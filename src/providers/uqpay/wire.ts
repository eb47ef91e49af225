import * as z from 'zod';
import { upperCaseCodes } from '../../domain/currency-code.ts';
import {
  amount,
  informingInstant,
  list,
  type Members,
  price,
  requiredInstant,
  requiredText,
  text,
  wireObject,
  wireRows,
} from '../shared/wire-object.ts';
import { wireCount, wireRequiredText } from '../shared/wire-values.ts';

// Fields that are not named here go no further: accounts carry personal data.

/** Reference section 1.2; `expired_at` in Unix seconds. */
export const wireToken = z.object({ auth_token: wireRequiredText, expired_at: wireCount });

/** Balances of all three lines; each line reports some of the amounts (reference sections 4.2 to 4.4). */
const readBalance = (row: Members) => ({
  balance_id: text(row.balance_id),
  account_id: text(row.account_id),
  currency: upperCaseCodes.read(requiredText(row.currency)),
  currency_spelling: requiredText(row.currency),
  available_balance: amount(row.available_balance),
  payable_balance: amount(row.payable_balance),
  pending_balance: amount(row.pending_balance),
  reserved_balance: amount(row.reserved_balance),
  prepaid_balance: amount(row.prepaid_balance),
  margin_balance: amount(row.margin_balance),
  frozen_balance: amount(row.frozen_balance),
  balance_status: text(row.balance_status),
  create_time: informingInstant(row.create_time, 'create_time'),
  last_trade_time: informingInstant(row.last_trade_time, 'last_trade_time'),
});
export type WireBalance = ReturnType<typeof readBalance>;

/** Transactions of the banking and issuing ledgers (reference sections 5.2, 5.3). */
const readTransaction = (row: Members) => ({
  transaction_id: requiredText(row.transaction_id),
  short_transaction_id: text(row.short_transaction_id),
  account_id: text(row.account_id),
  balance_id: text(row.balance_id),
  transaction_type: text(row.transaction_type),
  transaction_status: text(row.transaction_status),
  currency: upperCaseCodes.read(requiredText(row.currency)),
  currency_spelling: requiredText(row.currency),
  amount: amount(row.amount),
  ending_balance: amount(row.ending_balance),
  credit_debit_type: text(row.credit_debit_type),
  create_time: requiredInstant(row.create_time),
  complete_time: informingInstant(row.complete_time, 'complete_time'),
  reference_id: text(row.reference_id),
  transaction_way: text(row.transaction_way),
  description: text(row.description),
});
export type WireTransaction = ReturnType<typeof readTransaction>;

/** Connected accounts (reference section 3.1). */
const readAccount = (row: Members) => ({
  account_id: requiredText(row.account_id),
  short_reference_id: text(row.short_reference_id),
  account_name: text(row.account_name),
  country: text(row.country),
  status: text(row.status),
  business_code: list(row.business_code).filter((code) => typeof code === 'string'),
});
export type WireAccount = ReturnType<typeof readAccount>;

/** A published rate (reference section 11.1); an older API had `update_time` in each. */
const readRate = (row: Members) => ({
  currency_pair: requiredText(row.currency_pair),
  buy_price: price(row.buy_price),
  sell_price: price(row.sell_price),
  update_time: informingInstant(row.update_time, 'update_time'),
});
export type WireRate = ReturnType<typeof readRate>;

/** `total_pages` only confirms `total_items`: if it is absent or unreadable, the rows must. */
const counted = { total_items: wireCount, total_pages: wireCount.nullish().catch(null) };

/** One account, requested by its id. */
export const wireAccount = wireObject(readAccount);

/** One balance, requested by its currency. */
export const wireBalance = wireObject(readBalance);

/** List bodies (reference section 2.3). */
export const wireBalanceList = z.object({ ...counted, data: wireRows(readBalance) });
export const wireTransactionList = z.object({ ...counted, data: wireRows(readTransaction) });
export const wireAccountList = z.object({ ...counted, data: wireRows(readAccount) });

const lastUpdated = z
  .unknown()
  .optional()
  .transform((time) => informingInstant(time, 'last_updated'));

/** Rates whose array is `data` itself, with the time beside it (reference section 11.1). */
export const wireRateData = z.object({ data: wireRows(readRate), last_updated: lastUpdated });

/** Rates in `data.rates`; the time is in `data` too, or beside it. */
export const wireRatesInData = z.object({
  data: z.object({ rates: wireRows(readRate), last_updated: lastUpdated }),
  last_updated: lastUpdated,
});
