import { type DecimalText, toUnits } from '../../domain/decimal.ts';
import {
  absoluteDecimal,
  addDecimals,
  compareDecimals,
  negateDecimal,
  subtractDecimals,
} from '../../domain/decimal-sum.ts';
import { compareInstants } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import { signedAmount } from '../../domain/signed-amount.ts';

type Rows = readonly Transaction[];

/** A row in its position. */
export interface OrderedRow {
  readonly row: Transaction;
  /** False if too many rows share its instant to work out their order. */
  readonly isOrderKnown: boolean;
}

/**
 * Completed rows, oldest first. Rows of one instant are in the order in which their reported balances follow
 * from each other, and from `opening`, if there is one.
 */
export function inReportedOrder(rows: Rows, opening: DecimalText | null): readonly OrderedRow[] {
  const ordered: OrderedRow[] = [];
  let balance = opening;
  for (let start = 0; start < rows.length; ) {
    const first = rows[start] as Transaction;
    let end = start + 1;
    while (end < rows.length && compareInstants((rows[end] as Transaction).createdAt, first.createdAt) === 0)
      end++;
    const tied = rows.slice(start, end);
    ordered.push(...(tied.length === 1 ? known(tied) : toOrder(tied, balance)));
    balance = ordered.at(-1)?.row.endingBalance?.amount ?? null;
    start = end;
  }
  return ordered;
}

/** Whether an amount is as large as a movement, in either direction. */
export function isSize(movement: DecimalText, amount: DecimalText): boolean {
  return compareDecimals(absoluteDecimal(movement), absoluteDecimal(amount)) === 0;
}

function known(rows: Rows): readonly OrderedRow[] {
  return rows.map((row) => ({ row, isOrderKnown: true }));
}

function toOrder(rows: Rows, opening: DecimalText | null): readonly OrderedRow[] {
  // Amounts with the sign of their effect, and with the opposite sign: a row then reports the balance before
  // it.
  const orders = [1, -1].flatMap((sign) => {
    const steps = rows.flatMap((row) => toStep(row, sign) ?? []);
    return steps.length === rows.length ? [trailsOf(steps, opening)] : [];
  });
  const isWhole = (trails: readonly Trail[]) =>
    trails.length === 1 && (opening === null || trails[0]?.[0]?.from === keyOf(opening));
  const whole = orders.find(isWhole);
  if (whole !== undefined) return known(rowsOf(whole));
  const isSigned = rows.every((row) => signedAmount(row) !== null);
  const fewest = orders.sort((a, b) => a.length - b.length)[0];
  const nearest = fewest === undefined ? rows : rowsOf(fewest);
  if (isSigned && fewest !== undefined) return known(nearest);
  const tried = tryOrders(rows, opening);
  if (tried === 'TOO_MANY') return nearest.map((row) => ({ row, isOrderKnown: false }));
  return known(tried ?? nearest);
}

/** A row as a step from one balance to another. */
interface Step {
  readonly row: Transaction;
  readonly from: string;
  readonly to: string;
}

/** Steps that each begin where the previous one ends. */
type Trail = readonly Step[];

function toStep(row: Transaction, sign: number): Step | null {
  const { endingBalance, amount } = row;
  if (endingBalance === null || amount === null) return null;
  const effect = signedAmount(row)?.amount ?? (sign < 0 ? negateDecimal(amount.amount) : amount.amount);
  const before = subtractDecimals(endingBalance.amount, effect);
  return { row, from: keyOf(before), to: keyOf(endingBalance.amount) };
}

/** The same text for the same number, however it is written. */
function keyOf(amount: DecimalText): string {
  const { units, decimals } = toUnits(amount);
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - decimals)}.${decimals === 0 ? '' : fraction}`;
}

/**
 * All steps in as few trails as following them from each balance yields: a single one if they follow from
 * each other (an Eulerian trail, found by joining circuits into it).
 */
function trailsOf(steps: readonly Step[], opening: DecimalText | null): readonly Trail[] {
  const left = Map.groupBy(steps.toReversed(), ({ from }) => from);
  const surplus = new Map<string, number>();
  for (const step of steps) {
    surplus.set(step.from, (surplus.get(step.from) ?? 0) + 1);
    surplus.set(step.to, (surplus.get(step.to) ?? 0) - 1);
  }
  const hasLeft = (balance: string) => (left.get(balance)?.length ?? 0) > 0;

  function walk(from: string): Step[] {
    const trail: Step[] = [];
    for (let at = from; ; ) {
      const step = left.get(at)?.pop();
      if (step === undefined) break;
      trail.push(step);
      at = step.to;
    }
    const end = trail.at(-1)?.to ?? from;
    surplus.set(from, (surplus.get(from) ?? 0) - 1);
    surplus.set(end, (surplus.get(end) ?? 0) + 1);
    return trail;
  }

  const trails: Trail[] = [];
  for (;;) {
    const opened = opening === null || trails.length > 0 ? null : keyOf(opening);
    const starts = steps.map(({ from }) => from).filter(hasLeft);
    const start =
      starts.find((from) => from === opened) ??
      starts.find((from) => (surplus.get(from) ?? 0) > 0) ??
      starts[0];
    if (start === undefined) return trails;
    const trail = walk(start);
    const others: Trail[] = [];
    for (let stepIndex = 0; stepIndex <= trail.length; stepIndex++) {
      const at = trail[stepIndex - 1]?.to ?? start;
      while (hasLeft(at)) {
        const detour = walk(at);
        if (detour.at(-1)?.to === at) trail.splice(stepIndex, 0, ...detour);
        else others.push(detour);
      }
    }
    trails.push(trail, ...others);
  }
}

function rowsOf(trails: readonly Trail[]): Rows {
  return trails.flatMap((trail) => trail.map(({ row }) => row));
}

/** Steps to try before giving up: if many rows share amounts and balances, there are too many orders. */
const triesMax = 2_000;

/** An order of rows that do not show the balance before them; null if there is none. */
function tryOrders(rows: Rows, opening: DecimalText | null): Rows | 'TOO_MANY' | null {
  const followers = followersOf(rows);
  const order: Transaction[] = [];
  const used = new Set<Transaction>();
  let tries = 0;
  const search = (balance: DecimalText | null): boolean => {
    if (order.length === rows.length) return true;
    tries += 1;
    for (const row of balance === null ? rows : followers(balance)) {
      if (tries > triesMax) return false;
      if (used.has(row)) continue;
      used.add(row);
      order.push(row);
      if (search(row.endingBalance?.amount ?? null)) return true;
      order.pop();
      used.delete(row);
    }
    return false;
  };
  if (search(opening)) return order;
  return tries > triesMax ? 'TOO_MANY' : null;
}

/**
 * Rows that may follow a balance: it differs from theirs by exactly their amount, or they do not report one.
 */
function followersOf(rows: Rows): (balance: DecimalText) => Rows {
  const silent: Transaction[] = [];
  const byBalance = new Map<string, Transaction[]>();
  for (const row of rows) {
    const { endingBalance, amount } = row;
    if (endingBalance === null || amount === null) {
      silent.push(row);
      continue;
    }
    const before = [
      subtractDecimals(endingBalance.amount, amount.amount),
      addDecimals(endingBalance.amount, amount.amount),
    ];
    for (const key of new Set(before.map(keyOf))) byBalance.set(key, [...(byBalance.get(key) ?? []), row]);
  }
  return (balance) => [...(byBalance.get(keyOf(balance)) ?? []), ...silent];
}
