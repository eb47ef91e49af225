import type { Config } from '../config/config.ts';
import type { AdmissionReport } from '../ports/admission.ts';
import type { UpstreamReport } from '../ports/upstream-report.ts';
import type { HttpServerOptions, ServerLog } from '../server/contract.ts';
import { type ConnectedProvider, toHealth } from '../server/health.ts';
import { createLifecycle } from '../server/lifecycle.ts';
import { startOperatorServer } from '../server/operator-server.ts';
import type { Telemetry } from './telemetry.ts';

/** Health and metrics for operators. */
export interface Operating {
  /** Origin of their own server; null when the callers' server serves them. */
  readonly origin: string | null;
  /** What the callers' server needs to serve them too. */
  readonly serverOptions: Pick<
    HttpServerOptions<unknown>,
    'lifecycle' | 'health' | 'metrics' | 'observer' | 'tracer' | 'shutdownDelayMs'
  >;
  /** Starts reporting the providers and the state of their connections. */
  watch(providers: readonly ConnectedProvider[], report: () => UpstreamReport, now: () => number): void;
  /** Starts reporting the work in progress. */
  watchAdmission(report: () => AdmissionReport): void;
  close(): Promise<void>;
}

/**
 * Opens health and metrics before everything else, so that they answer while the gateway starts. Rejects with
 * `ListenError`.
 */
export async function openOperating(
  config: Config,
  { metrics, tracing }: Telemetry,
  log: ServerLog,
): Promise<Operating> {
  const lifecycle = createLifecycle();
  let watched: (() => object) | null = null;
  const health = () => watched?.() ?? {};
  const port = config.metrics?.port ?? null;
  const { host, anyHostName, shutdownDelayMs } = config;
  const read = metrics === null ? null : () => metrics.read();
  const server =
    port === null
      ? null
      : await startOperatorServer({
          ...{ host, port, anyHostName, log },
          routes: { lifecycle, health, metrics: read },
        });
  return {
    origin: server?.origin ?? null,
    serverOptions: {
      lifecycle,
      health,
      metrics: port === null ? read : null,
      shutdownDelayMs,
      ...(metrics === null ? {} : { observer: metrics.requests }),
      ...(tracing === null ? {} : { tracer: tracing.requests }),
    },
    watch(providers, report, now) {
      watched = () => toHealth(providers, report(), now());
      metrics?.watchUpstream(report, now);
    },
    watchAdmission(report) {
      metrics?.watchAdmission(report);
    },
    close: async () => server?.close(),
  };
}
