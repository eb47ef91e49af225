import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { callsExceeded } from '../call-meter.ts';
import type { GatewayContext } from '../context.ts';
import { createCallTally } from './call-tally.ts';
import { planQuery } from './planned-query.ts';
import { createSelection } from './selection.ts';

/** An operation that passed validation and the limits. */
export interface PlannedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Throws CALLS_EXCEEDED, with the count and the maximum, for an operation that needs more calls than it may make. */
export function checkPlannedCalls(asked: PlannedOperation, context: GatewayContext): void {
  const { upstreamCallsMax } = context;
  const calls = plannedCalls(asked, context);
  if (calls > upstreamCallsMax) {
    throw callsExceeded(
      `The operation comes to ${calls} upstream calls, so that none was made`,
      calls,
      upstreamCallsMax,
    );
  }
}

/**
 * Upstream calls that an operation needs when nothing is remembered, worked out without making any. Never more than
 * it would make if lists are as long as it asks for: what nobody knows counts as little as it can be. A list whose
 * length was seen counts as that, and one for which no size was named as a short one.
 */
export function plannedCalls(
  { schema, document, operation, variables: sent }: PlannedOperation,
  context: GatewayContext,
): number {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], sent, { maxErrors: 1 });
  // What execution refuses, it refuses before anything is read.
  if (coerced === undefined || operation.operation !== 'query') return 0;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const scope = { schema, fragments, variables: coerced, onSelection() {} };
  const tally = createCallTally();
  planQuery(createSelection([operation.selectionSet], scope), { context, tally });
  return tally.total;
}
