import type { Config } from '../config/config.ts';
import type { Metrics } from '../metrics/index.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';

/** Who follows what the gateway does, as the configuration wants it. */
export interface Telemetry {
  /** Null where nobody may read them. */
  readonly metrics: Metrics | null;
  readonly upstream: UpstreamTelemetry;
}

/** Loads only what is asked for: nobody else pays for it at start. */
export async function openTelemetry(config: Config): Promise<Telemetry> {
  const metrics = config.metrics === null ? null : await openMetrics(config);
  return { metrics, upstream: { ...(metrics === null ? {} : { observer: metrics.upstream }) } };
}

async function openMetrics({ redisUrl }: Config): Promise<Metrics> {
  const { createMetrics } = await import('../metrics/index.ts');
  return createMetrics(redisUrl !== null);
}
