import { Gauge, Histogram, type Registry } from 'prom-client';
import type { OperationFacts, RequestObserver } from '../../ports/request-telemetry.ts';
import { createCounter } from './counter.ts';
import { createFirstLabels } from './first-labels.ts';

/** Other methods are counted as `other`, because callers may send any word. */
const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/** Most callers with a label of their own: the first ones that caused calls. */
const callersMax = 50;

/** Counts requests and operations by outcome, and their durations. */
export function createRequestMetrics(prefix: string, registry: Registry): RequestObserver {
  const countRequest = createCounter({
    name: `${prefix}http_requests_total`,
    help: 'HTTP requests answered, by route. Status "none": the caller disconnected first.',
    labels: ['route', 'method', 'status'],
    registry,
  });
  let running = 0;
  new Gauge({
    name: `${prefix}http_requests_in_flight`,
    help: 'HTTP requests being answered.',
    registers: [registry],
    collect() {
      this.set(running);
    },
  });
  const countOperation = createCounter({
    name: `${prefix}operations_total`,
    help: 'GraphQL operations answered, by outcome and the code of the first error ("none" without one).',
    labels: ['operation', 'outcome', 'code'],
    registry,
  });
  const countRepeated = createCounter({
    name: `${prefix}answers_repeated_total`,
    help: 'GraphQL responses served from the response cache. No reads are counted for them.',
    labels: ['operation'],
    registry,
  });
  const durations = new Histogram({
    name: `${prefix}operation_duration_seconds`,
    help: 'Time from the first byte of a request to the last byte of its response, for GraphQL operations.',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const countOperationCalls = createCounter({
    name: `${prefix}operation_calls_total`,
    help: 'Calls to providers that operations made, by operation.',
    labels: ['operation'],
    registry,
  });
  const countCallerCalls = createCounter({
    name: `${prefix}caller_calls_total`,
    help: 'Calls to providers that operations made, by the subject of their caller.',
    labels: ['caller'],
    registry,
  });
  const callerLabel = createFirstLabels(callersMax);
  const ages = new Histogram({
    name: `${prefix}answer_age_seconds`,
    help: 'Age of the oldest read in an answer, for GraphQL operations that read anything.',
    buckets: [0.1, 1, 2.5, 5, 10, 20, 30, 60, 300, 3_600],
    registers: [registry],
  });

  function countCalls({ label, upstreamCalls, caller = 'other' }: OperationFacts): void {
    if (upstreamCalls <= 0) return;
    countOperationCalls.add(upstreamCalls, label);
    countCallerCalls.add(upstreamCalls, callerLabel(caller));
  }

  return {
    started() {
      running += 1;
    },
    ended({ route, method, status, durationMs, operation }) {
      running -= 1;
      countRequest(route, methods.includes(method) ? method : 'other', String(status ?? 'none'));
      if (operation === null) return;
      const { label, outcome, codes, isRepeated = false } = operation;
      countOperation(label, outcome, codes[0] ?? 'none');
      if (isRepeated) countRepeated(label);
      countCalls(operation);
      const { oldestReadMs = null } = operation;
      if (oldestReadMs !== null) ages.observe(oldestReadMs / 1_000);
      // The caller decides how long a subscription takes.
      if (operation.type === 'subscription') return;
      durations.observe({ operation: label }, durationMs / 1_000);
    },
  };
}
