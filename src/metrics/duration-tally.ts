import { Histogram, type Registry } from 'prom-client';

export interface DurationTallyOptions {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in seconds, ascending. */
  readonly buckets: readonly number[];
  readonly registry: Registry;
}

/** Takes note of one duration; the values of the labels are in their order. Every set of values is kept: there must be few. */
export type ObserveDuration = (durationMs: number, ...values: readonly string[]) => void;

/** Durations under one set of labels. */
interface Observed {
  readonly labels: Readonly<Record<string, string>>;
  /** By bucket, those of the buckets below left out; the last is for what is over all bounds. */
  readonly counts: number[];
  sumMs: number;
}

/**
 * A histogram that observes by itself and tells prom-client when it is read: observing there takes as long as finding
 * a whole answer in memory, because each time it checks and sorts the labels.
 */
export function createDurationTally(options: DurationTallyOptions): ObserveDuration {
  const { name, help, labels: labelNames, buckets, registry } = options;
  const observed = new Map<string, Observed>();
  const boundsMs = buckets.map((seconds) => seconds * 1_000);
  new TalliedHistogram(
    { name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [registry] },
    () => {
      const values = [...observed.values()].flatMap((each) => samplesOf(each, name, buckets));
      return { name, help, type: 'histogram', aggregator: 'sum', values };
    },
  );
  return (durationMs, ...values) => {
    const key = values.join('\n');
    let known = observed.get(key);
    if (known === undefined) {
      const labels = Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? '']));
      known = { labels, counts: Array<number>(buckets.length + 1).fill(0), sumMs: 0 };
      observed.set(key, known);
    }
    let bucket = 0;
    while (bucket < boundsMs.length && durationMs > (boundsMs[bucket] as number)) bucket += 1;
    known.counts[bucket] = (known.counts[bucket] as number) + 1;
    known.sumMs += durationMs;
  };
}

/** One line of `/metrics`, as prom-client hands it to its registry. */
interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Of the whole set of values. */
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(
  { labels: sharedLabels, counts, sumMs }: Observed,
  name: string,
  buckets: readonly number[],
): readonly Sample[] {
  let count = 0;
  const upTo = counts.map((inBucket, index): Sample => {
    count += inBucket;
    return {
      metricName: `${name}_bucket`,
      labels: { le: buckets[index] ?? '+Inf' },
      sharedLabels,
      value: count,
    };
  });
  return [
    ...upTo,
    { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sumMs / 1_000 },
    { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
  ];
}

/** What prom-client makes a histogram's part of `/metrics` of. */
interface HistogramRead {
  readonly name: string;
  readonly help: string;
  readonly type: 'histogram';
  readonly aggregator: 'sum';
  readonly values: readonly Sample[];
}

/** A histogram of prom-client whose samples come from elsewhere. */
class TalliedHistogram extends Histogram {
  readonly #read: () => HistogramRead;

  constructor(configuration: ConstructorParameters<typeof Histogram>[0], read: () => HistogramRead) {
    super(configuration);
    this.#read = read;
  }

  // What the registry and `get` ask in place of what was observed; the types of prom-client do not list it.
  async getForPromString(): Promise<HistogramRead> {
    return this.#read();
  }
}
