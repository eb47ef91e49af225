import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Failure } from '../../domain/failure.ts';
import { callsExceeded } from '../call-meter.ts';
import type { GatewayContext } from '../context.ts';
import { fragmentsOf } from '../limits/index.ts';
import { createCallCount } from './call-count.ts';
import { callsAtMost } from './calls-at-most.ts';
import { planQuery } from './planned-query.ts';
import type { Planning } from './planned-rows.ts';
import { createSelection, type Selection } from './selection.ts';

/** An operation that passed validation and the limits. */
export interface PlannedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Throws CALLS_EXCEEDED, with the count and the maximum, for an operation that needs more calls than it may make. */
export type CheckPlannedCalls = (
  asked: PlannedOperation,
  /** What `OperationLimiter.check` gave for the operation. */
  alike: object | null,
  context: GatewayContext,
) => void;

/** An operation that may come to more calls is planned each time: it has room for as many ids that cannot be read. */
const callsNeverPlannedMax = 1_000;
/** Arguments that the fields of an operation may refuse one by one, each with an error that costs and is told. */
const refusalsMax = 1_000;

/** Checks operations of one gateway: its providers and its maximum stay the same. */
export function createPlannedCallsCheck(): CheckPlannedCalls {
  // Most operations cannot come to as many calls, whoever asks. Working the count out takes 7 % of a small answer.
  const alwaysFits = new WeakMap<object, boolean>();
  return (asked, alike, context) => {
    const { upstreamCallsMax, reach } = context;
    if (alike !== null) {
      let fits = alwaysFits.get(alike);
      if (fits === undefined) {
        const selection = selectionOf(asked);
        fits =
          selection !== null &&
          callsAtMost(selection, reach) <= Math.min(upstreamCallsMax, callsNeverPlannedMax);
        alwaysFits.set(alike, fits);
      }
      if (fits) return;
    }
    const calls = plannedCalls(asked, context);
    if (calls > upstreamCallsMax) {
      throw callsExceeded(
        `The operation comes to ${calls} upstream calls, so that none was made`,
        calls,
        upstreamCallsMax,
      );
    }
  };
}

/**
 * Upstream calls that an operation needs when nothing is remembered, worked out without making any. Never more than
 * it would make if lists are as long as it asks for: what nobody knows counts as little as it can be. A list whose
 * length was seen counts as that, and one for which no size was named as a short one.
 */
export function plannedCalls(asked: PlannedOperation, context: GatewayContext): number {
  const selection = selectionOf(asked);
  // What execution refuses, it refuses before anything is read.
  if (selection === null) return 0;
  const callCount = createCallCount();
  planQuery(selection, { context, callCount, onRefused: createRefusalCount() });
  return callCount.total();
}

/** Throws BAD_USER_INPUT, with the first of them, for more arguments that are refused than one operation may have. */
function createRefusalCount(): Planning['onRefused'] {
  let first: Failure | null = null;
  let refusalCount = 0;
  return (failure, fieldCount) => {
    first ??= failure;
    refusalCount += fieldCount;
    if (refusalCount <= refusalsMax) return;
    const found = `More than ${refusalsMax} arguments or IDs of the operation cannot be used.`;
    throw new Failure('BAD_USER_INPUT', `${found} The first: ${first.message}`);
  };
}

/** What an operation selects; null for one that execution refuses. */
export function selectionOf({ schema, document, operation, variables }: PlannedOperation): Selection | null {
  if (operation.operation !== 'query') return null;
  return createSelection([operation.selectionSet], {
    schema,
    fragments: fragmentsOf(document),
    variables,
    onSelection() {},
  });
}
