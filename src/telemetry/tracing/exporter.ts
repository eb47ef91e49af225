import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

/** Logs whether spans reach the collector; a pino logger fits. */
export interface TracingLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * Sends spans to a collector (OTLP over HTTP, protobuf). Logs once when that starts to fail, and once when it works
 * again.
 */
export function createExporter(
  url: string,
  headers: Readonly<Record<string, string>>,
  log: TracingLog,
): SpanExporter {
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers } });
  let isFailing = false;

  function note(error: Error | undefined, hasFailed: boolean): void {
    if (hasFailed === isFailing) return;
    isFailing = hasFailed;
    if (hasFailed)
      log.warn({ reason: toReason(error) }, 'traces do not reach the collector; they are dropped');
    else log.info({}, 'traces reach the collector again');
  }

  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        note(result.error, result.code !== ExportResultCode.SUCCESS);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
}

/** The code of an error (`ECONNREFUSED`, an HTTP status) or its name; never its message, which may quote a reply. */
function toReason(error: Error | undefined): string {
  const code: unknown = error === undefined ? undefined : Reflect.get(error, 'code');
  return typeof code === 'string' || typeof code === 'number' ? String(code) : (error?.name ?? 'unknown');
}
