import type { DecimalText } from '../../domain/decimal.ts';
import { DecimalSum, negateDecimal, subtractDecimals } from '../../domain/decimal-sum.ts';
import type { Transaction } from '../../domain/model.ts';
import { signedAmount } from '../../domain/signed-amount.ts';
import { bucketIndexOf, type TimeSpan } from '../../domain/time-buckets.ts';

/** Sums of one bucket and currency, of one source or of all. */
interface BucketSums {
  credits: DecimalText;
  debits: DecimalText;
  count: number;
  unsummedCount: number;
}

/** The sums of a source: for each currency, those of the buckets (by index) with rows. */
export type SourceSums = ReadonlyMap<string, ReadonlyMap<number, Readonly<BucketSums>>>;

/** Money in and out in one bucket and currency; sums are null if a source was not read. */
export interface ActivityPoint extends TimeSpan {
  readonly currency: string;
  readonly credits: DecimalText | null;
  /** As a positive amount. */
  readonly debits: DecimalText | null;
  readonly net: DecimalText | null;
  readonly count: number;
  /** Rows left out of the sums because their direction or amount is not reported. */
  readonly unsummedCount: number;
}

/** Sums the rows of a source by currency and bucket. */
export function sumRows(rows: readonly Transaction[], buckets: readonly TimeSpan[]): SourceSums {
  const running = new Map<string, Map<number, RunningSums>>();
  for (const row of rows) {
    const bucketIndex = bucketIndexOf(buckets, row.createdAt);
    if (bucketIndex === -1) continue;
    sumsOf(running, row.currency, bucketIndex).add(row);
  }
  return toSums(running);
}

class RunningSums {
  private readonly credits = new DecimalSum();
  private readonly debits = new DecimalSum();
  private count = 0;
  private unsummedCount = 0;

  add(row: Transaction): void {
    const signed = signedAmount(row);
    if (signed === null) {
      this.unsummedCount += 1;
      return;
    }
    this.count += 1;
    if (signed.amount.startsWith('-')) this.debits.add(negateDecimal(signed.amount));
    else this.credits.add(signed.amount);
  }

  addSums({ credits, debits, count, unsummedCount }: BucketSums): void {
    this.credits.add(credits);
    this.debits.add(debits);
    this.count += count;
    this.unsummedCount += unsummedCount;
  }

  get sums(): BucketSums {
    const { count, unsummedCount } = this;
    return { credits: this.credits.text, debits: this.debits.text, count, unsummedCount };
  }
}

function sumsOf(
  running: Map<string, Map<number, RunningSums>>,
  currency: string,
  bucketIndex: number,
): RunningSums {
  const ofCurrency = running.get(currency) ?? new Map<number, RunningSums>();
  running.set(currency, ofCurrency);
  const sums = ofCurrency.get(bucketIndex) ?? new RunningSums();
  ofCurrency.set(bucketIndex, sums);
  return sums;
}

function toSums(running: ReadonlyMap<string, ReadonlyMap<number, RunningSums>>): SourceSums {
  return new Map(
    Array.from(running, ([currency, ofCurrency]) => [
      currency,
      new Map(Array.from(ofCurrency, ([bucketIndex, { sums }]) => [bucketIndex, sums])),
    ]),
  );
}

/** Adds up the sums of several sources. */
export function addUp(sources: readonly SourceSums[]): SourceSums {
  const running = new Map<string, Map<number, RunningSums>>();
  for (const source of sources) {
    for (const [currency, ofCurrency] of source) {
      for (const [bucketIndex, sums] of ofCurrency) sumsOf(running, currency, bucketIndex).addSums(sums);
    }
  }
  return toSums(running);
}

const nothing: BucketSums = {
  credits: '0' as DecimalText,
  debits: '0' as DecimalText,
  count: 0,
  unsummedCount: 0,
};

/** A point for each bucket and currency, zeros included; without sums if a source was not read. */
export function toPoints(sums: SourceSums, buckets: readonly TimeSpan[], complete: boolean): ActivityPoint[] {
  const currencies = [...sums.keys()].sort();
  return buckets.flatMap(({ from, to }, bucketIndex) =>
    currencies.map((currency) => {
      const { credits, debits, count, unsummedCount } = sums.get(currency)?.get(bucketIndex) ?? nothing;
      const known = complete ? { credits, debits, net: subtractDecimals(credits, debits) } : unknownSums;
      return { from, to, currency, ...known, count, unsummedCount };
    }),
  );
}

const unknownSums = { credits: null, debits: null, net: null };

/** Number of entries in the sums of a source. */
export function sizeOf(sums: SourceSums): number {
  return [...sums.values()].reduce((size, ofCurrency) => size + ofCurrency.size, 1);
}
