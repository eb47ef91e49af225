import { Gauge, type Registry } from 'prom-client';
import {
  type BudgetReport,
  circuitStates,
  type TokenReport,
  type UpstreamReport,
} from '../../ports/upstream-report.ts';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface UpstreamGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  samples(report: UpstreamReport, nowMs: number): readonly Sample[];
}

/** State that is read when metrics are read. The credentials of a provider are combined into one value. */
const gauges: readonly UpstreamGauge[] = [
  {
    name: 'circuit_state',
    help: '1 for the current state of the circuit of a group of routes, 0 for the others.',
    labels: ['provider', 'routes', 'state'],
    samples: ({ circuits }) =>
      circuits.flatMap(({ provider, routes, state }) =>
        circuitStates.map((name) => ({
          labels: { provider, routes, state: name },
          value: name === state ? 1 : 0,
        })),
      ),
  },
  {
    name: 'budget_calls_left',
    help: 'Calls that may be made now, for the credential with the fewest left.',
    labels: ['provider', 'purpose'],
    samples: (report) => ofBudgets(report, ({ callsLeft }) => callsLeft, Math.min),
  },
  {
    name: 'budget_calls_per_minute',
    help: 'Calls that may be made in a minute, with all credentials of a provider together.',
    labels: ['provider', 'purpose'],
    samples: (report) => ofBudgets(report, ({ callsPerMinute }) => callsPerMinute, sum),
  },
  {
    name: 'budget_waiting',
    help: 'Reads that wait for the call budget.',
    labels: ['provider', 'purpose'],
    samples: (report) => ofBudgets(report, ({ waiting }) => waiting, sum),
  },
  {
    name: 'budget_paused',
    help: '1 while the provider has asked to pause calls, for any credential.',
    labels: ['provider', 'purpose'],
    samples: (report) => ofBudgets(report, ({ pausedUntilMs }) => (pausedUntilMs === null ? 0 : 1), Math.max),
  },
  {
    name: 'tokens',
    help: 'Tokens in use that have not expired.',
    labels: ['provider'],
    samples: (report, nowMs) => ofTokens(report, ({ expiresAtMs }) => (expiresAtMs > nowMs ? 1 : 0), sum),
  },
  {
    name: 'token_age_seconds',
    help: 'Age of the oldest token in use.',
    labels: ['provider'],
    samples: (report, nowMs) =>
      ofTokens(report, ({ issuedAtMs }) => Math.max(0, nowMs - issuedAtMs) / 1_000, Math.max),
  },
  {
    name: 'token_expires_in_seconds',
    help: 'Time until the first token in use expires; negative once it has.',
    labels: ['provider'],
    samples: (report, nowMs) =>
      ofTokens(report, ({ expiresAtMs }) => (expiresAtMs - nowMs) / 1_000, Math.min),
  },
  {
    name: 'memory_bytes',
    help: 'Size of cached reads, as counted against MEMORY_MAX_BYTES.',
    labels: [],
    samples: ({ cache }) => [{ labels: {}, value: cache.bytes }],
  },
  {
    name: 'memory_reads',
    help: 'Cached reads.',
    labels: [],
    samples: ({ cache }) => [{ labels: {}, value: cache.reads }],
  },
];

const redisGauge: UpstreamGauge = {
  name: 'redis_up',
  help: '1 while Redis is available; 0 while this process continues without it.',
  labels: [],
  samples: ({ redis }) => (redis === null ? [] : [{ labels: {}, value: redis.isUsed ? 1 : 0 }]),
};

/** Registers the gauges; `report` is called when metrics are read. */
export function registerUpstreamStateMetrics(
  prefix: string,
  registry: Registry,
  report: () => UpstreamReport,
  now: () => number,
): void {
  const registered = report().redis === null ? gauges : [...gauges, redisGauge];
  for (const { name, help, labels, samples } of registered) {
    new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        this.reset();
        for (const sample of samples(report(), now())) this.set(sample.labels, sample.value);
      },
    });
  }
}

type Combine = (one: number, other: number) => number;

const sum: Combine = (one, other) => one + other;

/** One sample for each set of labels; values with the same labels are combined. */
function combined<Item>(
  items: readonly Item[],
  labelsOf: (item: Item) => Readonly<Record<string, string>>,
  measure: (item: Item) => number,
  combine: Combine,
): Sample[] {
  const samples = new Map<string, Sample>();
  for (const item of items) {
    const labels = labelsOf(item);
    const key = JSON.stringify(labels);
    const known = samples.get(key);
    const value = measure(item);
    samples.set(key, { labels, value: known === undefined ? value : combine(known.value, value) });
  }
  return [...samples.values()];
}

function ofBudgets(
  { budgets }: UpstreamReport,
  measure: (budget: BudgetReport) => number,
  combine: Combine,
): Sample[] {
  return combined(budgets, ({ provider, purpose }) => ({ provider, purpose }), measure, combine);
}

function ofTokens(
  { tokens }: UpstreamReport,
  measure: (token: TokenReport) => number,
  combine: Combine,
): Sample[] {
  return combined(tokens, ({ provider }) => ({ provider }), measure, combine);
}
