import type { DecimalText } from '../../domain/decimal.ts';
import { DecimalSum, negateDecimal, subtractDecimals } from '../../domain/decimal-sum.ts';
import { compareInstants, type Instant, instantOfMs, msOfInstant } from '../../domain/instant.ts';
import type { Money, Transaction } from '../../domain/model.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import type { SourceOutcome } from '../pagination/page.ts';
import { type BalanceCheck, checkObserved, checkReported, transactions, undecided } from './balance-check.ts';
import { type BalanceHistoryQuery, type BalanceOrigin, completedOf } from './balance-history.ts';
import { readBalanceRows } from './balance-rows.ts';
import { followBalance, type Movement } from './ending-balances.ts';
import { componentOf, newestAt, type ObservedAmount, observedAmounts } from './kept-readings.ts';
import { newestRowBefore, type PastPorts } from './newest-row-before.ts';
import { carriedOn, netOf, rowsAround } from './rows-around-readings.ts';

/** A transaction of a statement, and the balance after it. */
export interface StatementEntry {
  readonly transaction: Transaction;
  /** Its amount with the sign of its effect; null if that is not reported. */
  readonly signed: Money | null;
  readonly runningBalance: Money | null;
  readonly runningOrigin: BalanceOrigin | null;
}

/** A balance over a span of time. */
export interface BalanceStatement extends TimeSpan {
  readonly balance: BalanceHistoryQuery['balance'];
  readonly openEnd: boolean;
  readonly openingBalance: Money | null;
  readonly openingOrigin: BalanceOrigin | null;
  readonly closingBalance: Money | null;
  readonly closingOrigin: BalanceOrigin | null;
  /** Null if a transaction has no sign. */
  readonly credits: Money | null;
  readonly debits: Money | null;
  readonly transactionCount: number;
  readonly check: BalanceCheck;
  /** Completed transactions, oldest first. */
  readonly entries: readonly StatementEntry[];
  readonly sources: readonly SourceOutcome[];
}

/** An end of a statement. */
interface End {
  readonly amount: DecimalText;
  readonly origin: BalanceOrigin;
}

/**
 * A balance over a span, with the transactions in it and a check of whether they add up. Null if the provider
 * lists no transactions. Rejects with CALLS_EXCEEDED, or the `Failure` that left transactions unknown.
 */
export async function readBalanceStatement(
  { balance, selection, span, openEnd }: BalanceHistoryQuery,
  ports: PastPorts,
  context: ReadContext,
): Promise<BalanceStatement | null> {
  if (selection === null) return null;
  const component = componentOf(balance);
  const provider = ports.providers.get(balance.account.provider);
  const observed = await observedAmounts(balance, component, span, provider, ports.readings);
  const reportsEndings = provider?.transactions.get(balance.ledger)?.reportsEndingBalance === true;
  const [openingSeen, closingSeen] = [
    newestAt(observed.amounts, span.from),
    newestAt(observed.amounts, span.to),
  ];
  const before = reportsEndings ? await newestRowBefore(selection, span.from, ports, context) : null;
  const window = windowOf(span, reportsEndings, openingSeen, closingSeen, ports.clock.now());
  const { rows, sources, failure } = await readBalanceRows(
    selection,
    window,
    'the statement',
    ports,
    context,
  );
  if (failure !== null) throw failure;
  const isWithin = ({ createdAt }: Transaction) =>
    compareInstants(createdAt, span.from) >= 0 && compareInstants(createdAt, span.to) < 0;
  const completed = completedOf(rows);
  const openingReported = before?.endingBalance?.amount ?? null;
  const now = balance[component]?.amount ?? null;
  const opening = toOpening();
  const movements = followBalance(completed.filter(isWithin), toStart());
  const closing = toClosing();
  const money = (amount: DecimalText | null): Money | null =>
    amount === null ? null : { amount, currency: balance.currency };
  const undecidedRows = rows.filter((row) => isWithin(row) && isUndecided(row));
  const sums = sumsOf(movements);
  return {
    ...span,
    balance,
    openEnd,
    openingBalance: money(opening?.amount ?? null),
    openingOrigin: opening?.origin ?? null,
    closingBalance: money(closing?.amount ?? null),
    closingOrigin: closing?.origin ?? null,
    credits: money(sums?.credits ?? null),
    debits: money(sums?.debits ?? null),
    transactionCount: movements.length,
    check: toCheck(),
    entries: movements.map(({ row, signed, balance: after, isReported }) => ({
      transaction: row,
      signed: money(signed),
      runningBalance: money(after),
      runningOrigin: after === null ? null : isReported ? 'REPORTED' : 'DERIVED',
    })),
    sources,
  };

  function toOpening(): End | null {
    if (openingReported !== null) return { amount: openingReported, origin: 'REPORTED' };
    if (openingSeen !== null) return { amount: openingSeen.amount, origin: 'OBSERVED' };
    const [first] = reportsEndings ? followBalance(completed.filter(isWithin), null) : [];
    if (first?.isReported !== true || first.balance === null) return toDerived(span.from);
    const amount = first.signed === null ? null : subtractDecimals(first.balance, first.signed);
    return amount === null ? null : { amount, origin: 'DERIVED' };
  }

  /** The balance that the first row of the span found: an earlier reading, moved by the rows since. */
  function toStart(): DecimalText | null {
    if (opening?.origin !== 'OBSERVED' || openingSeen === null) return opening?.amount ?? null;
    return carriedOn(openingSeen, completed, span.from);
  }

  function toClosing(): End | null {
    const last = movements.at(-1);
    if (reportsEndings && last?.isReported === true && last.balance !== null) {
      return { amount: last.balance, origin: 'REPORTED' };
    }
    if (reportsEndings && last === undefined && openingReported !== null) {
      return { amount: openingReported, origin: 'REPORTED' };
    }
    const isNew = closingSeen !== null && closingSeen !== openingSeen;
    if (isNew || (closingSeen !== null && last === undefined)) {
      return { amount: closingSeen.amount, origin: 'OBSERVED' };
    }
    if (opening !== null && last?.balance != null) return { amount: last.balance, origin: 'DERIVED' };
    return toDerived(span.to);
  }

  /** The balance now, less the movements since. */
  function toDerived(at: Instant): End | null {
    const anchor = reportsEndings
      ? null
      : (closingSeen ?? (now === null ? null : { amount: now, readAtMs: balance.asOfMs }));
    if (anchor === null) return null;
    const since = completed.filter(
      ({ createdAt }) => compareInstants(createdAt, at) >= 0 && msOfInstant(createdAt) <= anchor.readAtMs,
    );
    const moved = netOf(followBalance(since, null));
    return moved === null ? null : { amount: subtractDecimals(anchor.amount, moved), origin: 'DERIVED' };
  }

  function toCheck(): BalanceCheck {
    const store = observed.failure === null ? '' : ' Stored readings could not be read (HISTORY_URL).';
    if (undecidedRows.length > 0) {
      const are = undecidedRows.length === 1 ? 'is' : 'are';
      return undecided(
        `${transactions(undecidedRows.length)} of the span ${are} pending, and may move the balance yet.${store}`,
      );
    }
    if (reportsEndings && openingReported !== null) {
      return checkReported(movements, openingReported, balance.currency);
    }
    if (openingSeen !== null && closingSeen !== null && openingSeen !== closingSeen) {
      return checkObserved(rowsAround(openingSeen, closingSeen, completed), balance.currency);
    }
    if (reportsEndings) return checkReported(movements, null, balance.currency);
    return undecided(
      `${opening?.origin === 'DERIVED' || closing?.origin === 'DERIVED' ? 'One end is derived from the transactions themselves' : 'The provider has reported only one figure'}, so nothing independent can be compared.${store}`,
    );
  }
}

/** The span, extended to the nearest known balances from which others are calculated. */
function windowOf(
  { from, to }: TimeSpan,
  reportsEndings: boolean,
  openingSeen: ObservedAmount | null,
  closingSeen: ObservedAmount | null,
  nowMs: number,
): TimeSpan {
  if (reportsEndings) return { from, to };
  // The end is exclusive, and rows of the current second may already be in the balance just read.
  const now = { second: Math.floor(nowMs / 1_000) + 1, nano: 0 };
  // From the start of its second: rows in that second may have come after the reading.
  const seenAt = openingSeen === null ? from : instantOfMs(Math.floor(openingSeen.readAtMs / 1_000) * 1_000);
  return {
    from: compareInstants(seenAt, from) < 0 ? seenAt : from,
    to: closingSeen === null ? now : to,
  };
}

/** Whether it is still unknown if a row has moved the balance. */
function isUndecided({ status }: Transaction): boolean {
  return status === 'PENDING' || status === 'UNRECOGNIZED';
}

/** Null if one has no sign: a sum without it would be too small. */
function sumsOf(movements: readonly Movement[]): { credits: DecimalText; debits: DecimalText } | null {
  const [credits, debits] = [new DecimalSum(), new DecimalSum()];
  for (const { signed } of movements) {
    if (signed === null) return null;
    if (signed.startsWith('-')) debits.add(negateDecimal(signed));
    else credits.add(signed);
  }
  return { credits: credits.text, debits: debits.text };
}
