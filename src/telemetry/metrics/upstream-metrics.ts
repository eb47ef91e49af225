import { Histogram, type Registry } from 'prom-client';
import type { RedisObserver, UpstreamObserver } from '../../ports/upstream-telemetry.ts';
import { createCounter } from './counter.ts';

/** Counts calls to providers, the origins of read values, and waits for and refusals by the call budget. */
export function createUpstreamMetrics(prefix: string, registry: Registry): UpstreamObserver {
  const countCall = createCounter({
    name: `${prefix}upstream_calls_total`,
    help: 'Calls made to providers, including retries. Kind "token" is the token endpoint.',
    labels: ['provider', 'kind', 'outcome'],
    registry,
  });
  const callDurations = new Histogram({
    name: `${prefix}upstream_call_duration_seconds`,
    help: 'Duration of one call to a provider, including a token request that it had to wait for.',
    labelNames: ['provider', 'kind', 'ledger'],
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const connectionWaits = new Histogram({
    name: `${prefix}upstream_connection_wait_seconds`,
    help: 'Time that a call waited to be sent: for a free connection, and to open one.',
    labelNames: ['provider'],
    buckets: [0.001, 0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const countRead = createCounter({
    name: `${prefix}reads_total`,
    help: 'Values that operations received, by origin.',
    labels: ['provider', 'kind', 'origin'],
    registry,
  });
  const waits = new Histogram({
    name: `${prefix}budget_wait_seconds`,
    help: 'Time that reads waited for the call budget, without reads that did not have to wait.',
    labelNames: ['provider'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const countRefusal = createCounter({
    name: `${prefix}budget_refusals_total`,
    help: 'Reads refused by the call budget, by error code.',
    labels: ['provider', 'code'],
    registry,
  });

  return {
    called({ provider, kind, ledger }, outcome, durationMs) {
      countCall(provider, kind, outcome);
      callDurations.observe({ provider, kind, ledger: ledger ?? 'none' }, durationMs / 1_000);
    },
    sent(provider, waitedMs) {
      connectionWaits.observe({ provider }, waitedMs / 1_000);
    },
    used(provider, kind, origin) {
      countRead(provider, kind, origin);
    },
    waited(provider, waitedMs) {
      waits.observe({ provider }, waitedMs / 1_000);
    },
    refused: (provider, code) => countRefusal(provider, code),
  };
}

/** Counts Redis commands and their failures. */
export function createRedisMetrics(prefix: string, registry: Registry): RedisObserver {
  const durations = new Histogram({
    name: `${prefix}redis_command_duration_seconds`,
    help: 'Time until Redis answered or the command was given up.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const countTrouble = createCounter({
    name: `${prefix}redis_troubles_total`,
    help: 'Commands that failed, by kind of trouble.',
    labels: ['trouble'],
    registry,
  });
  const countSkipped = createCounter({
    name: `${prefix}redis_skipped_total`,
    help: 'Commands that were not sent, because Redis had just failed.',
    labels: [],
    registry,
  });

  return {
    commanded(durationMs, trouble) {
      if (durationMs !== null) durations.observe(durationMs / 1_000);
      if (trouble !== null) countTrouble(trouble);
    },
    skipped: () => countSkipped(),
  };
}
