import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import type { GatewayContext } from './context.ts';
import { createOperationLabels, nameLengthMax } from './operation-labels.ts';

/**
 * Tells whoever follows requests what each one turned out to be. Comes after the plugins that complete the answer,
 * so that it sees all errors.
 */
export function createOperationPlugin(): ApolloServerPlugin<GatewayContext> {
  const labels = createOperationLabels();
  const listener: GraphQLRequestListener<GatewayContext> = {
    async willSendResponse({ operation, response: { body }, contextValue }) {
      if (body.kind !== 'single') return;
      const outcome = toOutcome(body.singleResult);
      const name = operation?.name?.value ?? null;
      contextValue.onOperation({
        name: name?.slice(0, nameLengthMax) ?? null,
        label: operation === undefined ? 'none' : labels.labelOf(name, outcome !== 'REFUSED'),
        type: operation?.operation ?? null,
        outcome,
        codes: codesOf(body.singleResult),
        upstreamCalls: contextValue.read.meter.calls,
      });
    },
  };
  return {
    async requestDidStart() {
      return listener;
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
