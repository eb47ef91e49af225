import {
  type ContextManager,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { OperationFacts, RequestHead, RequestTracer } from '../../ports/request-telemetry.ts';

/**
 * Creates a span for each request and one for its operation. Neither contains the document, variables or error
 * messages. `propagator` reads the caller's trace context; null starts a new trace for every request.
 */
export function createRequestTracer(
  tracer: Tracer,
  contexts: ContextManager,
  propagator: TextMapPropagator | null,
): RequestTracer {
  const callersContext = (head: RequestHead) =>
    propagator?.extract(ROOT_CONTEXT, head, headGetter) ?? ROOT_CONTEXT;

  return {
    start(head) {
      const { method, route, requestId } = head;
      const parent = callersContext(head);
      const attributes = {
        'http.request.method': method,
        'http.route': route,
        'gateway.request_id': requestId,
      };
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
      const own = trace.setSpan(parent, span);
      return {
        traceId: span.spanContext().traceId,
        run: (answer) => contexts.with(own, answer),
        async runOperation(execute, facts) {
          const operation = tracer.startSpan('graphql', {}, own);
          try {
            return await contexts.with(trace.setSpan(own, operation), execute);
          } catch (error) {
            operation.setStatus({ code: SpanStatusCode.ERROR });
            throw error;
          } finally {
            describe(operation, facts());
            operation.end();
          }
        },
        end({ status }) {
          if (status !== null) span.setAttribute('http.response.status_code', status);
          if (status === null || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
  };
}

const headGetter = {
  keys: () => ['traceparent', 'tracestate'],
  get: (head: RequestHead, name: string) =>
    name === 'traceparent' ? head.traceparent : name === 'tracestate' ? head.tracestate : undefined,
};

function describe(span: Span, facts: OperationFacts | null): void {
  if (facts === null) return;
  const { label, type, outcome, codes, upstreamCalls } = facts;
  if (type !== null) {
    span.updateName(`${type} ${label}`);
    span.setAttribute('graphql.operation.type', type);
    span.setAttribute('graphql.operation.name', label);
  }
  span.setAttribute('gateway.outcome', outcome);
  span.setAttribute('gateway.upstream_calls', upstreamCalls);
  if (codes.length > 0) span.setAttribute('gateway.error_codes', [...codes]);
  if (outcome === 'FAILED') span.setStatus({ code: SpanStatusCode.ERROR });
}
