import type { DecimalText } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import { ceilSecond, type Instant, msOfInstant } from '../../domain/instant.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { Provider } from '../../ports/provider.ts';
import type { BalanceIdentity, KeptReading, ReadingLookup } from '../../ports/reading-store.ts';
import type { ReadBalance } from '../balances/balances.ts';

/** The amount of a balance that its history follows. */
export type Component = 'available' | 'total';

/** An amount of a balance at the time it was read. */
export interface ObservedAmount {
  readonly readAtMs: number;
  readonly amount: DecimalText;
}

/** Stored readings of one amount, oldest first. */
export interface ObservedAmounts {
  readonly amounts: readonly ObservedAmount[];
  /** Why the store could not be read; null if it could, or there is none. */
  readonly failure: Failure | null;
}

/** `available`, or `total` if the provider reports nothing else. */
export function componentOf({ available, total }: ReadBalance): Component {
  return available === null && total !== null ? 'total' : 'available';
}

/**
 * The readings of a balance around a span: the newest one before it, and all in it. If readings are stored,
 * the balance just read is one of them, whether it has been written yet or not.
 */
export async function observedAmounts(
  balance: ReadBalance,
  component: Component,
  { from, to }: TimeSpan,
  provider: Provider | undefined,
  lookup: ReadingLookup | null,
): Promise<ObservedAmounts> {
  const identity = provider && identityOf(balance, provider);
  if (lookup === null || identity == null) return { amounts: [], failure: null };
  try {
    const kept = await lookup.between(identity, Math.floor(msOfInstant(from)), ceilSecond(to) * 1_000);
    const untilMs = msOfInstant(to);
    const amounts = kept
      .filter(({ readAtMs }) => readAtMs <= untilMs)
      .flatMap((reading) => toAmount(reading, component));
    const now = balance[component]?.amount;
    const isNew = balance.asOfMs > (amounts.at(-1)?.readAtMs ?? 0) && balance.asOfMs <= untilMs;
    return {
      amounts: now !== undefined && isNew ? [...amounts, { readAtMs: balance.asOfMs, amount: now }] : amounts,
      failure: null,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { amounts: [], failure: error };
  }
}

/**
 * The key under which a balance's readings are stored; null if its provider does not report its credential.
 */
function identityOf(
  {
    account,
    ledger,
    currency,
    distinguishingId,
  }: Pick<ReadBalance, 'account' | 'ledger' | 'currency' | 'distinguishingId'>,
  { environment, balances }: Pick<Provider, 'environment' | 'balances'>,
): BalanceIdentity | null {
  const credential = balances.get(ledger)?.credential;
  return credential === undefined
    ? null
    : { environment, credential, account, ledger, currency, distinguishingId };
}

/** The newest of ordered readings at or before an instant; null if there is none. */
export function newestAt(amounts: readonly ObservedAmount[], at: Instant): ObservedAmount | null {
  const atMs = msOfInstant(at);
  let low = 0;
  let high = amounts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((amounts[middle] as ObservedAmount).readAtMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return amounts[low - 1] ?? null;
}

function toAmount({ readAtMs, amounts }: KeptReading, component: Component): readonly ObservedAmount[] {
  const amount = amounts[component];
  return amount === undefined ? [] : [{ readAtMs, amount }];
}
