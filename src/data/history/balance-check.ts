import type { DecimalText } from '../../domain/decimal.ts';
import { addDecimals, compareDecimals, subtractDecimals } from '../../domain/decimal-sum.ts';
import type { Money, Transaction } from '../../domain/model.ts';
import type { Movement } from './ending-balances.ts';

/** Whether the opening balance and the transactions add up to the closing balance. */
export interface BalanceCheck {
  readonly verdict: 'AGREES' | 'DIFFERS' | 'INCONCLUSIVE';
  readonly expected: Money | null;
  readonly reported: Money | null;
  readonly difference: Money | null;
  /** Rows that break the check, oldest first. */
  readonly evidence: readonly Transaction[];
  readonly explanation: string;
}

const evidenceMax = 20;

/** INCONCLUSIVE, because nothing can be compared. */
export function undecided(explanation: string): BalanceCheck {
  return {
    verdict: 'INCONCLUSIVE',
    expected: null,
    reported: null,
    difference: null,
    evidence: [],
    explanation,
  };
}

/**
 * Compares the balances that rows report with their amounts: each has to differ from the previous one by
 * exactly the amount of its row.
 */
export function checkReported(
  movements: readonly Movement[],
  opening: DecimalText | null,
  currency: string,
): BalanceCheck {
  const [first, last] = [movements[0], movements.at(-1)];
  if (first === undefined || last === undefined)
    return undecided('No transaction moved the balance, so the provider has reported only one figure.');
  // Without an opening balance the first reported one is used, which shows any break after it.
  const start = opening ?? (first.isReported ? first.balance : null);
  const compares = opening === null ? movements.slice(1) : movements;
  const outOfOrder = tooManyOfOneTime(compares);
  if (outOfOrder !== null) return outOfOrder;
  const unsigned = compares.filter(isUndirected).length;
  if (unsigned > 0) {
    return undecided(
      `${transactions(unsigned)} ${unsigned === 1 ? 'reports' : 'report'} neither the balance after it nor its direction.`,
    );
  }
  if (start === null || last.balance === null || !last.isReported) {
    return undecided(
      'The first or the last transaction does not report the balance after it, so one end is derived.',
    );
  }
  const broken = compares.filter(({ isBroken }) => isBroken).map(({ row }) => row);
  if (opening === null && broken.length === 0)
    return undecided('No earlier transaction reports the opening balance, so it cannot be compared.');
  return compared(sum(start, compares), last.balance, currency, broken, {
    agrees: 'Each transaction changes the reported balance by exactly its reported amount.',
    differs: `${transactions(broken.length)} changed the balance that the provider reports by something else than the amount.`,
  });
}

/**
 * INCONCLUSIVE if the order of rows is unknown, so that a balance that does not follow proves nothing; null
 * otherwise.
 */
function tooManyOfOneTime(movements: readonly Movement[]): BalanceCheck | null {
  const count = movements.filter(({ isBroken }) => isBroken === null).length;
  if (count === 0) return null;
  const problem = 'without a sign cannot be put in order, because too many share one time.';
  return undecided(`${transactions(count)} ${problem}`);
}

/** Whether the direction of a row is unknown: neither the row nor the balances around it show it. */
function isUndirected({ row, signed, isReported }: Movement): boolean {
  return signed === null || (!isReported && row.direction === 'UNSPECIFIED');
}

/** Rows around and between two readings of a balance, with their signs. */
export interface ReadingsAndRows {
  readonly opening: DecimalText;
  readonly closing: DecimalText;
  readonly between: readonly Movement[];
  /**
   * Rows in the same second as the earlier or the later reading, oldest first. Their times have no fraction,
   * so it is unknown whether a reading includes them.
   */
  readonly atOpening: readonly Movement[];
  readonly atClosing: readonly Movement[];
}

/** Compares two readings of a balance with the transactions between them. */
export function checkObserved(
  { opening, closing, between, atOpening, atClosing }: ReadingsAndRows,
  currency: string,
): BalanceCheck {
  const outOfOrder = tooManyOfOneTime([...between, ...atOpening, ...atClosing]);
  if (outOfOrder !== null) return outOfOrder;
  const unsigned = [...between, ...atOpening, ...atClosing].filter(({ signed }) => signed === null).length;
  if (unsigned > 0) {
    return undecided(`${transactions(unsigned)} ${unsigned === 1 ? 'does' : 'do'} not report a direction.`);
  }
  // Rows in the same second as a reading count on the side that makes the readings agree.
  const moved = sum(opening, between);
  const plain = sum(moved, atClosing);
  const later = runningSums(atOpening.toReversed());
  const earlier = runningSums(atClosing);
  const expected =
    later
      .flatMap((start) => earlier.map((end) => addDecimals(addDecimals(moved, start), end)))
      .find((each) => compareDecimals(each, closing) === 0) ?? plain;
  const broken = between.filter(({ isBroken }) => isBroken).map(({ row }) => row);
  return compared(expected, closing, currency, broken, {
    agrees: 'Two readings of the balance differ by exactly the completed transactions between them.',
    differs: 'Two readings of the balance do not differ by exactly the completed transactions between them.',
  });
}

/** A count with its noun: "3 transactions". */
export function transactions(count: number): string {
  return `${count} transaction${count === 1 ? '' : 's'}`;
}

function compared(
  expected: DecimalText,
  reported: DecimalText,
  currency: string,
  evidence: readonly Transaction[],
  words: { readonly agrees: string; readonly differs: string },
): BalanceCheck {
  const agrees = evidence.length === 0 && compareDecimals(reported, expected) === 0;
  const money = (amount: DecimalText): Money => ({ amount, currency });
  return {
    verdict: agrees ? 'AGREES' : 'DIFFERS',
    expected: money(expected),
    reported: money(reported),
    difference: money(subtractDecimals(reported, expected)),
    evidence: evidence.slice(0, evidenceMax),
    explanation: agrees ? words.agrees : words.differs,
  };
}

/** The sums of none, the first, the first two movements, and so on. */
function runningSums(movements: readonly Movement[]): readonly DecimalText[] {
  const sums = ['0' as DecimalText];
  for (const movement of movements.slice(0, rowsOfOneSecondMax)) {
    sums.push(sum(sums.at(-1) as DecimalText, [movement]));
  }
  return sums;
}

/** Most rows of one second to try on either side of a reading. */
const rowsOfOneSecondMax = 20;

function sum(opening: DecimalText, movements: readonly Movement[]): DecimalText {
  return movements.reduce(
    (total, { signed }) => (signed === null ? total : addDecimals(total, signed)),
    opening,
  );
}
