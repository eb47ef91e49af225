import type { DecimalText } from '../domain/decimal.ts';
import { addDecimals, compareDecimals, subtractDecimals } from '../domain/decimal-sum.ts';
import type { Money, Transaction } from '../domain/model.ts';
import type { Movement } from './ending-balances.ts';
import type { ObservedAmount } from './kept-readings.ts';

/** Whether opening and transactions come to closing. */
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

/** Nothing can be compared, and why. */
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
 * Holds the balances that rows report against their amounts: each has to differ from the one before it by just the amount of
 * its row.
 */
export function checkReported(
  movements: readonly Movement[],
  opening: DecimalText,
  currency: string,
): BalanceCheck {
  const last = movements.at(-1);
  if (last === undefined)
    return undecided('No transaction moved the balance, so that there is one statement of the provider.');
  const unsigned = movements.filter(({ signed }) => signed === null).length;
  if (unsigned > 0) {
    return undecided(
      `${unsigned} transactions say neither the balance after them nor which way they moved it.`,
    );
  }
  if (!last.isReported || last.balance === null) {
    return undecided(
      'The last transaction does not say the balance after it, so that the closing balance is worked out.',
    );
  }
  const expected = sum(opening, movements);
  const broken = movements.filter(({ isBroken }) => isBroken).map(({ row }) => row);
  return compared(expected, last.balance, currency, broken, {
    agrees:
      'Each transaction differs from the balance before it by just its amount, as the provider reports both.',
    differs: `${broken.length} transactions change the balance that the provider reports by something else than their amount.`,
  });
}

/** Holds two readings of a balance against the transactions between them. */
export function checkObserved(
  opening: ObservedAmount,
  closing: ObservedAmount,
  between: readonly Movement[],
  currency: string,
): BalanceCheck {
  const unsigned = between.filter(({ signed }) => signed === null).length;
  if (unsigned > 0) return undecided(`${unsigned} transactions do not say which way they moved the balance.`);
  return compared(sum(opening.amount, between), closing.amount, currency, [], {
    agrees: 'Two readings of the balance differ by just the completed transactions between them.',
    differs:
      'Two readings of the balance differ by something else than the completed transactions between them.',
  });
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

function sum(opening: DecimalText, movements: readonly Movement[]): DecimalText {
  return movements.reduce(
    (total, { signed }) => (signed === null ? total : addDecimals(total, signed)),
    opening,
  );
}
