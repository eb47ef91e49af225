import type { DecimalText } from '../../domain/decimal.ts';
import { subtractDecimals } from '../../domain/decimal-sum.ts';
import { compareInstants, type Instant, instantOfMs, msOfInstant } from '../../domain/instant.ts';
import type { Money, Transaction } from '../../domain/model.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import type { ReadBalance } from '../balances/balances.ts';
import type { SourceOutcome, TransactionSelection } from '../pagination/page.ts';
import { type BalanceRows, noRows, readBalanceRows } from './balance-rows.ts';
import { followBalance, type Movement } from './ending-balances.ts';
import { type Component, componentOf, newestAt, observedAmounts } from './kept-readings.ts';
import { newestRowBefore, type PastPorts } from './newest-row-before.ts';
import { netOf } from './rows-around-readings.ts';

/** The origin of a past balance. */
export type BalanceOrigin = 'REPORTED' | 'OBSERVED' | 'DERIVED';

/** A balance at the end of a span. */
export interface BalancePoint extends TimeSpan {
  readonly closing: Money | null;
  readonly origin: BalanceOrigin | null;
  /** When the provider reported it; null for a derived amount. */
  readonly readAt: Instant | null;
}

/** A balance over time. */
export interface BalanceHistory {
  readonly component: Component;
  /** Oldest first, without gaps. */
  readonly points: readonly BalancePoint[];
  /** How derived points were calculated; null if none is derived. */
  readonly basis: string | null;
  readonly complete: boolean;
  readonly sources: readonly SourceOutcome[];
}

/** A balance, the rows that move it, and the requested span. */
export interface BalanceHistoryQuery {
  readonly balance: ReadBalance;
  /** Its rows, of any status and time; null if the provider lists none. */
  readonly selection: TransactionSelection | null;
  readonly span: TimeSpan;
  /** Whether the span ends now, because no earlier end was requested. */
  readonly openEnd: boolean;
}

/**
 * The balance at the end of each bucket: the newest one that the provider reported with a row
 * (`endingBalance`) or that a stored reading has; otherwise calculated from the next known balance and the
 * rows in between. Null if nothing is known. Rejects with CALLS_EXCEEDED.
 */
export async function readBalanceHistory(
  { balance, selection, span }: BalanceHistoryQuery,
  buckets: readonly TimeSpan[],
  ports: PastPorts,
  context: ReadContext,
): Promise<BalanceHistory | null> {
  const component = componentOf(balance);
  const provider = ports.providers.get(balance.account.provider);
  const observed = await observedAmounts(balance, component, span, provider, ports.readings);
  if (selection === null && observed.amounts.length === 0 && observed.failure === null) return null;
  const firstEnd = buckets[0]?.to ?? span.to;
  const reportsEndings = provider?.transactions.get(balance.ledger)?.reportsEndingBalance === true;
  const needsRows = selection !== null && (reportsEndings || newestAt(observed.amounts, firstEnd) === null);
  const { rows, sources, failure, before } =
    needsRows && selection !== null
      ? await readRows({ selection, span }, firstEnd, reportsEndings, observed.amounts, ports, context)
      : { ...noRows, before: null };
  const movements = followBalance(completedOf(rows), before?.endingBalance?.amount ?? null);
  const completed = movements.map(({ row }) => row);
  const known = failure === null ? nextKnown() : null;
  const points = buckets.map((bucket): BalancePoint => {
    const isRunning = compareInstants(bucket.to, span.to) === 0 && msOfInstant(span.to) >= balance.asOfMs;
    const reported = reportsEndings ? (newestReported(completed, bucket.to) ?? before) : null;
    const seen = newestAt(observed.amounts, bucket.to);
    const end = isRunning ? instantOfMs(balance.asOfMs) : bucket.to;
    const to = isRunning && compareInstants(end, bucket.from) > 0 ? end : bucket.to;
    const point = { from: bucket.from, to };
    const money = (amount: DecimalText): Money => ({ amount, currency: balance.currency });
    if (reported !== null && (seen === null || msOfInstant(reported.createdAt) > seen.readAtMs)) {
      return { ...point, closing: reported.endingBalance, origin: 'REPORTED', readAt: reported.createdAt };
    }
    if (seen !== null) {
      return {
        ...point,
        closing: money(seen.amount),
        origin: 'OBSERVED',
        readAt: instantOfMs(seen.readAtMs),
      };
    }
    const amount = known === null ? null : lessRows(known, bucket.to);
    return amount === null
      ? { ...point, ...unknownPoint }
      : { ...point, closing: money(amount), origin: 'DERIVED', readAt: null };
  });
  if (failure !== null && points.every(({ closing }) => closing === null)) throw failure;
  return {
    component,
    points,
    basis: basisOf(points, component, observed.failure !== null),
    complete: points.every(({ closing }) => closing !== null),
    sources,
  };

  /** The oldest known balance, from which earlier points are calculated. */
  function nextKnown(): KnownBalance | null {
    if (selection === null) return null;
    const upTo = (readAtMs: number) => movements.filter(({ row }) => msOfInstant(row.createdAt) <= readAtMs);
    const firstIndex = reportsEndings ? movements.findIndex(({ isReported }) => isReported) : -1;
    const first = movements[firstIndex]?.balance ?? null;
    if (first !== null) return { amount: first, movements: movements.slice(0, firstIndex + 1) };
    const [next] = observed.amounts;
    if (next !== undefined) return { amount: next.amount, movements: upTo(next.readAtMs) };
    const now = balance[component]?.amount ?? null;
    // Rows after the span were read only if none report balances.
    if (now === null || (reportsEndings && msOfInstant(span.to) < balance.asOfMs)) return null;
    return { amount: now, movements: upTo(balance.asOfMs) };
  }
}

/** A balance, and the rows that led to it, oldest first. */
interface KnownBalance {
  readonly amount: DecimalText;
  readonly movements: readonly Movement[];
}

const unknownPoint = { closing: null, origin: null, readAt: null };

/** The rows needed, and the newest row with a balance before them if rows report balances. */
async function readRows(
  { selection, span }: { readonly selection: TransactionSelection; readonly span: TimeSpan },
  firstEnd: Instant,
  reportsEndings: boolean,
  observed: readonly { readonly readAtMs: number }[],
  ports: PastPorts,
  context: ReadContext,
): Promise<BalanceRows & { readonly before: Transaction | null }> {
  const nextMs = observed[0]?.readAtMs ?? null;
  // The end is exclusive, and rows of the current second may already be in the balance just read.
  const now = { second: Math.floor(ports.clock.now() / 1_000) + 1, nano: 0 };
  const to = reportsEndings ? span.to : nextMs === null ? now : instantOfMs(nextMs);
  const from = reportsEndings ? span.from : firstEnd;
  const read =
    compareInstants(from, to) < 0
      ? await readBalanceRows(selection, { from, to }, 'the history', ports, context)
      : noRows;
  const isBeforeNeeded =
    reportsEndings && read.failure === null && newestReported(completedOf(read.rows), firstEnd) === null;
  return {
    ...read,
    before: isBeforeNeeded ? await newestRowBefore(selection, span.from, ports, context) : null,
  };
}

/** Rows that have moved the balance. */
export function completedOf(rows: readonly Transaction[]): readonly Transaction[] {
  return rows.filter(({ status }) => status === 'COMPLETED');
}

/** The newest row before an instant that reports the balance after it. */
function newestReported(rows: readonly Transaction[], at: Instant): Transaction | null {
  return (
    rows.findLast(
      ({ createdAt, endingBalance }) => endingBalance !== null && compareInstants(createdAt, at) < 0,
    ) ?? null
  );
}

/** A balance less the rows since an instant; null if one of them has no sign. */
function lessRows({ amount, movements }: KnownBalance, since: Instant): DecimalText | null {
  const moved = netOf(movements.filter(({ row }) => compareInstants(row.createdAt, since) >= 0));
  return moved === null ? null : subtractDecimals(amount, moved);
}

function basisOf(points: readonly BalancePoint[], component: Component, isStoreAway: boolean): string | null {
  const sentences = [
    ...(points.some(({ origin }) => origin === 'DERIVED')
      ? [
          `Derived points are the next known ${component} amount less the signed amounts of the COMPLETED transactions created ` +
            'between; pending and failed ones have not moved it.',
        ]
      : []),
    ...(isStoreAway ? ['Stored readings could not be read (HISTORY_URL).'] : []),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}
