import { type ContextManager, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { Failure } from '../../domain/failure.ts';
import type { CallTracer } from '../../ports/upstream-telemetry.ts';

/**
 * Creates a span for each call to a provider, with its kind and outcome, but without address or identifiers. The trace
 * context is not sent to the provider.
 */
export function createCallTracer(tracer: Tracer, contexts: ContextManager): CallTracer {
  return {
    async trace({ provider, kind, ledger }, make) {
      const parent = contexts.active();
      const name = ledger === null ? `${provider} ${kind}` : `${provider} ${kind} ${ledger}`;
      const attributes = {
        'gateway.provider': provider,
        'gateway.kind': kind,
        ...(ledger === null ? {} : { 'gateway.ledger': ledger }),
      };
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
      try {
        return await contexts.with(trace.setSpan(parent, span), make);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', error instanceof Failure ? error.code : 'INTERNAL');
        const status = error instanceof Failure ? error.details.upstreamStatus : undefined;
        if (status !== undefined) span.setAttribute('http.response.status_code', status);
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
