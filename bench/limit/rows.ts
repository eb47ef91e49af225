import type { BalanceRow, TransactionRow } from '../upstream/data.ts';

/** A page of an upstream list. */
export interface List<Row> {
  readonly total_pages: number;
  readonly data: readonly Row[];
}

/** The fields of a balance in an answer. */
export function toAvailable({ available_balance, currency }: BalanceRow) {
  return { amount: available_balance, currency };
}

/** The fields of a transaction in an answer. */
export function toNode(row: TransactionRow) {
  return {
    providerTransactionId: row.transaction_id,
    createdAt: row.create_time,
    type: row.transaction_type,
    status: row.transaction_status,
    amount: { amount: row.amount, currency: row.currency },
  };
}

/** The order of an account's balances. */
export function byCurrency(a: BalanceRow, b: BalanceRow): number {
  return a.currency < b.currency ? -1 : 1;
}
