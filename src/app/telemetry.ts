import type { Config, TracesSettings } from '../config/config.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';
import type { Metrics } from '../telemetry/metrics/index.ts';
import type { Tracing, TracingOptions } from '../telemetry/tracing/index.ts';
import { packageVersion } from './package-version.ts';

/** Metrics and traces, as configured. */
export interface Telemetry {
  /** Null when metrics are off. */
  readonly metrics: Metrics | null;
  /** Null when traces are off. */
  readonly tracing: Tracing | null;
  readonly upstream: UpstreamTelemetry;
  /** Sends the remaining spans. */
  close(): Promise<void>;
}

/** Loads only what is configured, to keep other starts fast. */
export async function openTelemetry(config: Config, log: TracingOptions['log']): Promise<Telemetry> {
  const metrics = config.metrics === null ? null : await openMetrics(config);
  const tracing = config.traces === null ? null : await openTracing(config.traces, log);
  return {
    metrics,
    tracing,
    upstream: {
      ...(metrics === null ? {} : { observer: metrics.upstream }),
      ...(tracing === null ? {} : { tracer: tracing.calls }),
    },
    close: async () => tracing?.close(),
  };
}

async function openMetrics({ redis }: Config): Promise<Metrics> {
  const { createMetrics } = await import('../telemetry/metrics/index.ts');
  return createMetrics(redis !== null, packageVersion());
}

async function openTracing(settings: TracesSettings, log: TracingOptions['log']): Promise<Tracing> {
  const { createTracing } = await import('../telemetry/tracing/index.ts');
  // The operator's attributes take precedence.
  const resource = { 'service.version': packageVersion(), ...settings.resource };
  return createTracing({ ...settings, resource, log });
}
