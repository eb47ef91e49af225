import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Failure } from '../../domain/failure.ts';
import type { GatewayContext } from '../context.ts';
import { fragmentsOf } from '../limits/index.ts';
import { CallPlan } from './call-plan.ts';
import { type FieldPlans, type ListedAccountsByPath, type Planning, planRoot } from './planning.ts';
import { createSelection } from './selection.ts';

export type { OperationCalls, PlannedCalls } from './call-plan.ts';

/** An operation that passed validation and the limits. */
export interface PlannedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Arguments that an operation's fields may refuse one by one; each refusal adds an error to the answer. */
const refusalsMax = 1_000;

/**
 * Plans the upstream calls that an operation makes when nothing is cached, without making any. A list counts as long as
 * requested, as long as it was last seen to be, or, once execution has read it, as long as it is. Throws BAD_USER_INPUT
 * when more arguments are refused than one operation may have.
 */
export function planOperation(
  { schema, document, operation, variables }: PlannedOperation,
  plans: FieldPlans,
  context: GatewayContext,
  listed: ListedAccountsByPath = new Map(),
): CallPlan {
  const calls = new CallPlan();
  // Execution refuses a mutation before anything is read.
  if (operation.operation !== 'mutation') {
    const scope = { schema, fragments: fragmentsOf(document), variables, onSelection() {} };
    const planning: Planning = { context, calls, plans, listed, onRefused: createRefusalCount() };
    const rootName = operation.operation === 'query' ? 'Query' : 'Subscription';
    planRoot(createSelection([operation.selectionSet], scope), rootName, planning);
  }
  return calls;
}

/**
 * Creates a counter of refused arguments. It throws BAD_USER_INPUT, with the first refusal, once there are too many.
 */
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
