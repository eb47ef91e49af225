import type { FormattedExecutionResult } from 'graphql';
import type { OperationFacts } from '../../ports/request-telemetry.ts';
import { createOperationLabels, nameLengthMax } from '../operation-labels.ts';
import type { RequestHooks } from './request-plugin.ts';

/**
 * Reports the facts of each operation to telemetry. Must run after the hooks that complete the answer, so that it sees
 * all errors.
 */
export function createOperationHooks(): RequestHooks {
  const labels = createOperationLabels();
  return {
    willSendResponse({ operation, response: { body }, contextValue }) {
      if (body.kind !== 'single') return;
      const { oldestMs } = contextValue.readRecord;
      const outcome = toOutcome(body.singleResult);
      const name = operation?.name?.value ?? null;
      contextValue.onOperation({
        name: name?.slice(0, nameLengthMax) ?? null,
        label: operation === undefined ? 'none' : labels.labelOf(name, outcome !== 'REFUSED'),
        type: operation?.operation ?? null,
        outcome,
        codes: codesOf(body.singleResult),
        upstreamCalls: contextValue.read.meter.calls,
        caller: contextValue.viewer.subject,
        oldestReadMs: oldestMs === null ? null : Math.max(0, contextValue.now() - oldestMs),
      });
    },
  };
}

function toOutcome({ data, errors }: FormattedExecutionResult): OperationFacts['outcome'] {
  if (data === undefined) return 'REFUSED';
  if (errors === undefined || errors.length === 0) return 'COMPLETE';
  const hasSome = data !== null && Object.values(data).some((value) => value !== null);
  return hasSome ? 'PARTIAL' : 'FAILED';
}

function codesOf({ errors = [] }: FormattedExecutionResult): string[] {
  return [...new Set(errors.map(({ extensions }) => String(extensions?.code)))];
}
