import type { DecimalText } from '../domain/decimal.ts';
import { DecimalSum, negateDecimal, subtractDecimals } from '../domain/decimal-sum.ts';
import type { Balance, Transaction } from '../domain/model.ts';
import { signedAmount } from '../domain/signed-amount.ts';

/** Sums over the rows of an export, by currency. */
export interface ExportSums<Row> {
  add(row: Row): void;
  /** By currency code. */
  list(): readonly object[];
}

/** Money in and out, over COMPLETED rows only: the others have not moved any. */
export function createTransactionSums(): ExportSums<Transaction> {
  const sums = new Map<
    string,
    { credits: DecimalSum; debits: DecimalSum; count: number; unsummedCount: number }
  >();
  return {
    add(row) {
      const sum = sums.get(row.currency) ?? {
        ...{ credits: new DecimalSum(), debits: new DecimalSum() },
        ...{ count: 0, unsummedCount: 0 },
      };
      sums.set(row.currency, sum);
      if (row.status !== 'COMPLETED') return;
      const signed = signedAmount(row);
      if (signed === null) sum.unsummedCount += 1;
      else {
        sum.count += 1;
        if (signed.amount.startsWith('-')) sum.debits.add(negateDecimal(signed.amount));
        else sum.credits.add(signed.amount);
      }
    },
    list: () =>
      byCode(sums).map(([currency, { credits, debits, count, unsummedCount }]) => {
        const net = subtractDecimals(credits.text, debits.text);
        return { currency, credits: credits.text, debits: debits.text, net, count, unsummedCount };
      }),
  };
}

/** What is available; null if a balance reports none. */
export function createBalanceSums(): ExportSums<Balance> {
  const sums = new Map<string, { available: DecimalSum; unreportedCount: number }>();
  return {
    add({ currency, available }) {
      const sum = sums.get(currency) ?? { available: new DecimalSum(), unreportedCount: 0 };
      sums.set(currency, sum);
      if (available === null) sum.unreportedCount += 1;
      else sum.available.add(available.amount);
    },
    list: () =>
      byCode(sums).map(([currency, { available, unreportedCount }]): object => {
        const whole: DecimalText | null = unreportedCount === 0 ? available.text : null;
        return { currency, available: whole, unreportedCount };
      }),
  };
}

function byCode<Sum>(sums: ReadonlyMap<string, Sum>): readonly [string, Sum][] {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}
