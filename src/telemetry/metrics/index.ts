import { Registry } from 'prom-client';
import type { AdmissionReport } from '../../ports/admission.ts';
import type { ReadingsReport } from '../../ports/reading-store.ts';
import type { RequestObserver } from '../../ports/request-telemetry.ts';
import type { UpstreamReport } from '../../ports/upstream-report.ts';
import type { RedisObserver, UpstreamObserver } from '../../ports/upstream-telemetry.ts';
import type { WebhookCount } from '../../ports/webhook.ts';
import { registerAdmissionMetrics } from './admission-metrics.ts';
import { registerBuildInfo } from './build-info.ts';
import { registerHistoryMetrics } from './history-metrics.ts';
import { type LiveState, registerLiveMetrics, registerWebhookMetrics } from './live-metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { createRedisMetrics, createUpstreamMetrics } from './upstream-metrics.ts';
import { registerUpstreamStateMetrics } from './upstream-state-metrics.ts';

/** The Prometheus metrics of one gateway. docs/operating.md lists them. */
export interface Metrics {
  readonly requests: RequestObserver;
  readonly upstream: UpstreamObserver;
  /** Null when no Redis is configured. */
  readonly redis: RedisObserver | null;
  /** Starts to report the state of the upstream client; call it once. */
  watchUpstream(report: () => UpstreamReport, now: () => number): void;
  /** Starts to report the work in progress; call it once. */
  watchAdmission(report: () => AdmissionReport): void;
  /** Starts to report the readings that are stored; call it once. */
  watchHistory(report: () => ReadingsReport): void;
  /** Starts to report the subscriptions; call it once. */
  watchLive(state: LiveState): void;
  /** Starts to report the webhooks; call it once. */
  watchWebhooks(counts: () => readonly WebhookCount[]): void;
  /** All metrics in Prometheus's text format. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const prefix = 'balances_gateway_';

/**
 * Creates metrics in a registry of their own. Of what callers send, only operation names become labels, and those are
 * limited.
 */
export function createMetrics(hasRedis: boolean, version: string): Metrics {
  const registry = new Registry();
  addProcessMetrics(registry);
  registerBuildInfo(prefix, registry, version);
  let reading: Promise<string> | null = null;
  /** Writing all metrics takes milliseconds, so concurrent readers share one result. */
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
    watchHistory: (report) => registerHistoryMetrics(prefix, registry, report),
    watchLive: (state) => registerLiveMetrics(prefix, registry, state),
    watchWebhooks: (counts) => registerWebhookMetrics(prefix, registry, counts),
    read: async () => ({ contentType: registry.contentType, text: await write() }),
  };
}
