/** A pair and its prices as sent: decimal text with four decimals. */
export interface RateRecord {
  readonly currency_pair: string;
  readonly buy_price: string;
  readonly sell_price: string;
}

/** Hundred-millionths of a unit that are worth one dollar, in the middle of their drift. Invented. */
const unitsPerDollar: Readonly<Record<string, bigint>> = {
  USD: 100_000_000n,
  EUR: 92_150_000n,
  GBP: 78_640_000n,
  SGD: 134_870_000n,
  HKD: 781_230_000n,
  JPY: 15_142_000_000n,
  CNY: 724_610_000n,
  AUD: 153_290_000n,
  NZD: 166_480_000n,
  CAD: 136_720_000n,
  CHF: 88_430_000n,
  THB: 3_584_000_000n,
  MYR: 447_150_000n,
  IDR: 1_586_000_000_000n,
  KWD: 30_760_000n,
};

/**
 * Some pairs against the dollar in either direction, some in both, and some crosses, so that clients need every kind of
 * conversion.
 */
const published = (
  'USDSGD SGDUSD USDHKD USDJPY USDCNY USDCAD USDCHF USDTHB USDMYR USDIDR USDKWD EURUSD USDEUR GBPUSD AUDUSD NZDUSD ' +
  'EURSGD GBPSGD EURGBP'
).split(' ');

/** Prices change at these steps, so that two reads of one moment agree. */
const stepMs = 10_000;
/** How far a currency drifts from its middle, in millionths. */
const driftMax = 2_000;
/** How far each price is from the middle of the two, in millionths. */
const halfSpread = 500n;
const million = 1_000_000n;

/** The published rates, and those that a test or a person set in their place. */
export class RateBook {
  /** Null for a pair that is not available. */
  readonly #set = new Map<string, RateRecord | null>();

  /** Sets the prices of a pair, published or not; null makes it unavailable. */
  set(pair: string, prices: Omit<RateRecord, 'currency_pair'> | null): void {
    this.#set.set(pair, prices === null ? null : { currency_pair: pair, ...prices });
  }

  /** Pairs that have prices now. */
  pairs(): readonly string[] {
    const all = new Set([...published, ...this.#set.keys()]);
    return [...all].filter((pair) => this.#set.get(pair) !== null);
  }

  /** The prices of a pair at a moment; null if it has none. */
  rateAt(pair: string, nowMs: number): RateRecord | null {
    const set = this.#set.get(pair);
    if (set !== undefined) return set;
    if (!published.includes(pair)) return null;
    const base = unitsAt(pair.slice(0, 3), nowMs);
    const quote = unitsAt(pair.slice(3), nowMs);
    const price = (millionths: bigint) => toFourDecimals(quote * millionths, base * million);
    return {
      currency_pair: pair,
      buy_price: price(million + halfSpread),
      sell_price: price(million - halfSpread),
    };
  }

  /** When prices last changed before a moment, epoch milliseconds. */
  updatedAtMs(nowMs: number): number {
    return Math.floor(nowMs / stepMs) * stepMs;
  }
}

/** Up and down in straight lines, each currency at its own pace. */
function unitsAt(currency: string, nowMs: number): bigint {
  const middle = unitsPerDollar[currency] ?? 0n;
  if (currency === 'USD') return middle;
  const ordinal = Object.keys(unitsPerDollar).indexOf(currency);
  const periodSteps = 360 * (3 + (ordinal % 5));
  const step = (Math.floor(nowMs / stepMs) + 97 * ordinal) % periodSteps;
  const half = periodSteps / 2;
  const risen = step < half ? step : periodSteps - step;
  const drift = Math.round((2 * driftMax * risen) / half) - driftMax;
  return (middle * (million + BigInt(drift))) / million;
}

function toFourDecimals(numerator: bigint, denominator: bigint): string {
  const units = (numerator * 20_000n + denominator) / (2n * denominator);
  const digits = String(units).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
