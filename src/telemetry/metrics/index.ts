import { Registry } from 'prom-client';
import type { AdmissionReport } from '../../ports/admission.ts';
import type { RequestObserver } from '../../ports/request-telemetry.ts';
import type { UpstreamReport } from '../../ports/upstream-report.ts';
import type { RedisObserver, UpstreamObserver } from '../../ports/upstream-telemetry.ts';
import { registerAdmissionMetrics } from './admission-metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { createRedisMetrics, createUpstreamMetrics } from './upstream-metrics.ts';
import { registerUpstreamStateMetrics } from './upstream-state-metrics.ts';

/** The figures of one gateway, for Prometheus. docs/operating.md lists them. */
export interface Metrics {
  readonly requests: RequestObserver;
  readonly upstream: UpstreamObserver;
  /** Null: no Redis is configured. */
  readonly redis: RedisObserver | null;
  /** Goes on to report how the gate is; called once, when there is one. */
  watchUpstream(report: () => UpstreamReport, now: () => number): void;
  /** Goes on to report how much work is in progress; called once. */
  watchAdmission(report: () => AdmissionReport): void;
  /** All of them in the text format of Prometheus. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const prefix = 'balances_gateway_';

/** Metrics in a registry of their own. No label takes what a caller sends but for names of operations, which are few. */
export function createMetrics(hasRedis: boolean): Metrics {
  const registry = new Registry();
  addProcessMetrics(registry);
  let reading: Promise<string> | null = null;
  /** Writing all of it takes milliseconds: who asks meanwhile is given the same. */
  const write = () => {
    reading ??= registry.metrics().finally(() => {
      reading = null;
    });
    return reading;
  };
  return {
    requests: createRequestMetrics(prefix, registry),
    upstream: createUpstreamMetrics(prefix, registry),
    redis: hasRedis ? createRedisMetrics(prefix, registry) : null,
    watchUpstream: (report, now) => registerUpstreamStateMetrics(prefix, registry, report, now),
    watchAdmission: (report) => registerAdmissionMetrics(prefix, registry, report),
    read: async () => ({ contentType: registry.contentType, text: await write() }),
  };
}
