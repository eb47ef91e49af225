import { setTimeout as delay } from 'node:timers/promises';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { RequestTracer } from '../../ports/request-telemetry.ts';
import type { CallTracer } from '../../ports/upstream-telemetry.ts';
import { createCallTracer } from './call-tracer.ts';
import { createExporter, type TracingLog } from './exporter.ts';
import { createRequestTracer } from './request-tracer.ts';
import { createSampler, type Sampling } from './sampler.ts';

export interface TracingOptions {
  /** URL of the collector, for example `http://localhost:4318/v1/traces`. */
  readonly url: string;
  /** Headers sent to the collector; may contain secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Resource attributes; at least `service.name`. */
  readonly resource: Readonly<Record<string, string>>;
  readonly sampling: Sampling;
  /** Whether to continue the trace of a request's `traceparent`. */
  readonly continuesTraces: boolean;
  readonly log: TracingLog;
}

/** Traces of requests and of the calls made for them. */
export interface Tracing {
  readonly requests: RequestTracer;
  readonly calls: CallTracer;
  /** Sends the remaining spans, for at most five seconds. */
  close(): Promise<void>;
}

const flushMsMax = 5_000;

/**
 * Sets up OpenTelemetry without registering anything for the whole process. At most 2,048 spans wait to be sent;
 * further ones are dropped.
 */
export function createTracing(options: TracingOptions): Tracing {
  const { url, headers, resource, sampling, continuesTraces, log } = options;
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ ...resource })),
    sampler: createSampler(sampling),
    spanProcessors: [new BatchSpanProcessor({ exporter: createExporter(url, headers, log) })],
  });
  const tracer = provider.getTracer('balances-gateway');
  const contexts = new AsyncLocalStorageContextManager();
  const propagator = continuesTraces ? new W3CTraceContextPropagator() : null;
  return {
    requests: createRequestTracer(tracer, contexts, propagator),
    calls: createCallTracer(tracer, contexts),
    async close() {
      const gaveUp = new AbortController();
      // The exporter has already logged a failure.
      const flushed = provider.shutdown().catch(() => {});
      const tooLong = delay(flushMsMax, undefined, { signal: gaveUp.signal }).catch(() => {});
      await Promise.race([flushed, tooLong]);
      gaveUp.abort();
      contexts.disable();
    },
  };
}
