/** One line of the text format of Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics read at one moment. */
export interface MetricsRead {
  readonly text: string;
  readonly samples: readonly Sample[];
  /** Sum of the samples of `balances_gateway_<name>` that have these labels; null when there is none. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number | null;
}

/** Reads `/metrics` below `origin`. */
export async function readMetrics(origin: string): Promise<MetricsRead> {
  const response = await fetch(new URL('/metrics', origin));
  const text = await response.text();
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}: ${text}`);
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toSample);
  return {
    text,
    samples,
    sum(name, labels = {}) {
      const found = samples.filter(
        (sample) =>
          sample.name === `balances_gateway_${name}` &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      );
      return found.length === 0 ? null : found.reduce((total, { value }) => total + value, 0);
    },
  };
}

function toSample(line: string): Sample {
  const [, name = '', labelText = '', value = ''] = /^([a-z_:0-9]+)(?:\{(.*)\})? (\S+)$/i.exec(line) ?? [];
  const labels = [...labelText.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gi)].map(([, key, text]) => [
    key,
    text,
  ]);
  return { name, labels: Object.fromEntries(labels), value: Number(value) };
}
