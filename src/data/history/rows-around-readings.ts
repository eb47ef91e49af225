import type { DecimalText } from '../../domain/decimal.ts';
import { addDecimals } from '../../domain/decimal-sum.ts';
import { compareInstants, type Instant, msOfInstant } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import type { ReadingsAndRows } from './balance-check.ts';
import { followBalance, type Movement } from './ending-balances.ts';
import type { ObservedAmount } from './kept-readings.ts';

/** Two readings of a balance, with the completed rows around and between them, oldest first. */
export function rowsAround(
  opening: ObservedAmount,
  closing: ObservedAmount,
  completed: readonly Transaction[],
): ReadingsAndRows {
  const isOfSecond = ({ createdAt }: Transaction, { readAtMs }: ObservedAmount) =>
    createdAt.nano === 0 && createdAt.second === Math.floor(readAtMs / 1_000);
  const around = completed.filter(
    (row) =>
      isOfSecond(row, opening) ||
      (msOfInstant(row.createdAt) > opening.readAtMs && msOfInstant(row.createdAt) <= closing.readAtMs),
  );
  const movements = followBalance(around, null);
  const atOpening = movements.filter(({ row }) => isOfSecond(row, opening));
  const atClosing = movements.filter(({ row }) => isOfSecond(row, closing) && !isOfSecond(row, opening));
  const between = movements.filter((each) => !atOpening.includes(each) && !atClosing.includes(each));
  return { opening: opening.amount, closing: closing.amount, between, atOpening, atClosing };
}

/** A reading plus the rows from then to an instant; null if the effect of one of them is unknown. */
export function carriedOn(
  { amount, readAtMs }: ObservedAmount,
  completed: readonly Transaction[],
  until: Instant,
): DecimalText | null {
  const moved = netOf(
    followBalance(
      completed.filter(
        ({ createdAt }) => msOfInstant(createdAt) > readAtMs && compareInstants(createdAt, until) < 0,
      ),
      null,
    ),
  );
  return moved === null ? null : addDecimals(amount, moved);
}

/** The net effect of rows on a balance; null if the effect of one of them is unknown. */
export function netOf(movements: readonly Movement[]): DecimalText | null {
  let net = '0' as DecimalText;
  for (const { signed } of movements) {
    if (signed === null) return null;
    net = addDecimals(net, signed);
  }
  return net;
}
