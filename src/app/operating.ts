import type { Config } from '../config/config.ts';
import type { AdmissionReport } from '../ports/admission.ts';
import type { UpstreamReport } from '../ports/upstream-report.ts';
import type { HttpServerOptions, ServerLog } from '../server/contract.ts';
import { type ConnectedProvider, toHealth } from '../server/health.ts';
import { createLifecycle } from '../server/lifecycle.ts';
import { startOperatorServer } from '../server/operator-server.ts';
import type { Telemetry } from './telemetry.ts';

/** What operators may look at: health and metrics. */
export interface Operating {
  /** Where they ask, when that is apart from callers. */
  readonly origin: string | null;
  /** What the callers' server needs to serve them too. */
  readonly serverOptions: Pick<
    HttpServerOptions<unknown>,
    'lifecycle' | 'health' | 'metrics' | 'observer' | 'tracer' | 'shutdownDelayMs'
  >;
  /** Goes on to tell how the providers and the way to them are. */
  watch(providers: readonly ConnectedProvider[], report: () => UpstreamReport, now: () => number): void;
  /** Goes on to tell how much work is in progress. */
  watchAdmission(report: () => AdmissionReport): void;
  close(): Promise<void>;
}

/** Opens it before anything else, so that it can be asked while the gateway starts. Rejects with `ListenError`. */
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
