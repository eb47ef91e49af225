import { Histogram, type Registry } from 'prom-client';
import type { RedisObserver, UpstreamObserver } from '../../ports/upstream-telemetry.ts';
import { createCounter } from './counter.ts';

/** Calls to providers, where the values of reads came from, and what the call budget did. */
export function createUpstreamMetrics(prefix: string, registry: Registry): UpstreamObserver {
  const countCall = createCounter({
    name: `${prefix}upstream_calls_total`,
    help: 'Calls made to providers, retries included. Kind "token" are calls of the token endpoint.',
    labels: ['provider', 'kind', 'outcome'],
    registry,
  });
  const callDurations = new Histogram({
    name: `${prefix}upstream_call_duration_seconds`,
    help: 'Time of one call to a provider, its token call included where it had to wait for one.',
    labelNames: ['provider', 'kind'],
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const countRead = createCounter({
    name: `${prefix}reads_total`,
    help: 'Values that operations were given, by where they came from.',
    labels: ['provider', 'kind', 'origin'],
    registry,
  });
  const waits = new Histogram({
    name: `${prefix}budget_wait_seconds`,
    help: 'Time that reads waited for the call budget; those that did not have to wait are not in it.',
    labelNames: ['provider'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const countRefusal = createCounter({
    name: `${prefix}budget_refusals_total`,
    help: 'Reads that the call budget did not let call, by what their caller was told.',
    labels: ['provider', 'code'],
    registry,
  });

  return {
    called({ provider, kind }, outcome, durationMs) {
      countCall(provider, kind, outcome);
      callDurations.observe({ provider, kind }, durationMs / 1_000);
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

/** What is asked of Redis, and what goes wrong with it. */
export function createRedisMetrics(prefix: string, registry: Registry): RedisObserver {
  const durations = new Histogram({
    name: `${prefix}redis_command_duration_seconds`,
    help: 'Time until Redis had answered, or was given up.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
    registers: [registry],
  });
  const countTrouble = createCounter({
    name: `${prefix}redis_troubles_total`,
    help: 'Commands that Redis did not carry out.',
    labels: ['trouble'],
    registry,
  });
  const countSkipped = createCounter({
    name: `${prefix}redis_skipped_total`,
    help: 'Commands that were not sent, because Redis was left alone for a moment after a trouble.',
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
