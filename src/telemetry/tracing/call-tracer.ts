import { type ContextManager, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { Failure } from '../../domain/failure.ts';
import type { CallAttempt, CallTracer } from '../../ports/upstream-telemetry.ts';

/**
 * Creates a span for each call to a provider, with its kind and outcome, but without address or identifiers. The trace
 * context is not sent to the provider.
 */
export function createCallTracer(tracer: Tracer, contexts: ContextManager): CallTracer {
  return {
    async trace({ provider, kind, ledger }, make, attempt) {
      const parent = contexts.active();
      const name = ledger === null ? `${provider} ${kind}` : `${provider} ${kind} ${ledger}`;
      const attributes = {
        'gateway.provider': provider,
        'gateway.kind': kind,
        ...(ledger === null ? {} : { 'gateway.ledger': ledger }),
        ...(attempt === undefined ? {} : attributesOf(attempt)),
      };
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
      try {
        return await contexts.with(trace.setSpan(parent, span), make);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', error instanceof Failure ? error.code : 'INTERNAL');
        throw error;
      } finally {
        const code = attempt?.status() ?? null;
        if (code !== null) span.setAttribute('http.response.status_code', code);
        span.end();
      }
    },
    waited(provider, waitedMs) {
      const endMs = Date.now();
      const attributes = { 'gateway.provider': provider };
      const options = { kind: SpanKind.INTERNAL, attributes, startTime: endMs - waitedMs };
      tracer.startSpan(`${provider} call budget`, options, contexts.active()).end(endMs);
    },
  };
}

/** Attributes with OpenTelemetry's names; the path has placeholders in place of identifiers. */
function attributesOf({ route, attemptNumber, waitedMs }: CallAttempt) {
  return {
    'http.request.method': route.method,
    'url.template': route.path,
    'gateway.waited_ms': waitedMs,
    ...(attemptNumber === 1 ? {} : { 'http.request.resend_count': attemptNumber - 1 }),
  };
}
