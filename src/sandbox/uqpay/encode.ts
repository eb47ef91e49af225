import { toAmountToken } from '../shared/exact-json.ts';
import type {
  AccountRecord,
  BankingBalanceRecord,
  BankingTransactionRecord,
  IssuingBalanceRecord,
  IssuingTransactionRecord,
  PaymentBalanceRecord,
} from './records.ts';

type AmountsAs = 'number' | 'string';

/** Caches JSON texts by record: records never change, so each text is made once for each way of writing amounts. */
function cached<R extends object>(encode: (record: R, amountsAs: AmountsAs) => string) {
  const texts = { number: new WeakMap<R, string>(), string: new WeakMap<R, string>() };
  return (record: R, amountsAs: AmountsAs): string => {
    const known = texts[amountsAs].get(record);
    if (known !== undefined) return known;
    const text = encode(record, amountsAs);
    texts[amountsAs].set(record, text);
    return text;
  };
}

/** An account as the list shows it (reference section 3.1). */
export function encodeAccountSummary({ detail: _detail, ...summary }: AccountRecord): string {
  return JSON.stringify(summary);
}

/** An account as the detail shows it, personal data included (reference section 3.2). */
export function encodeAccountDetail({ detail, ...summary }: AccountRecord): string {
  return JSON.stringify({ ...summary, ...detail });
}

/** Reference section 4.2: every amount is a string. */
export function encodeBankingBalance(record: BankingBalanceRecord): string {
  return JSON.stringify(record);
}

/** Reference section 4.3: amounts are numbers in the documents, strings in the SDKs. */
export const encodeIssuingBalance = cached((record: IssuingBalanceRecord, amountsAs) =>
  JSON.stringify({
    ...record,
    available_balance: toAmountToken(record.available_balance, amountsAs),
    margin_balance: toAmountToken(record.margin_balance, amountsAs),
    frozen_balance: toAmountToken(record.frozen_balance, amountsAs),
  }),
);

/** Reference section 4.4: every amount is a string. */
export function encodePaymentBalance(record: PaymentBalanceRecord): string {
  return JSON.stringify(record);
}

/** Reference section 5.2. */
export const encodeBankingTransaction = cached((record: BankingTransactionRecord, amountsAs) =>
  JSON.stringify({ ...record, amount: toAmountToken(record.amount, amountsAs) }),
);

/** Reference section 5.3. */
export const encodeIssuingTransaction = cached((record: IssuingTransactionRecord, amountsAs) =>
  JSON.stringify({
    ...record,
    amount: toAmountToken(record.amount, amountsAs),
    ending_balance: toAmountToken(record.ending_balance, amountsAs),
  }),
);
