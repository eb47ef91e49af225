import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { QueryLimits } from '../../domain/query-limits.ts';
import { type CoercedVariables, coerceVariables } from './coerce-variables.ts';
import { fragmentsOf } from './collect-fields.ts';
import { createFieldCosts, measureOperation } from './operation-limits.ts';

import { checkVariables } from './variable-limits.ts';
import { shapeOf } from './variables-shape.ts';

export { type Measure, type QueryLimits, queryLimitsDefault } from '../../domain/query-limits.ts';
export { type CoercedVariables, coerceVariables } from './coerce-variables.ts';
export { collectFields, fragmentsOf, type OperationScope } from './collect-fields.ts';
export { checkDocument, checkDocumentLength, tokenLimitFailure } from './document-limits.ts';

/** An operation that passed validation and is about to be executed. */
export interface ValidatedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation within the limits; its variables may still be unusable. */
export interface OperationPassed {
  /** The coerced variables, which execution uses as they are. */
  readonly variables: CoercedVariables;
  /**
   * Represents the operation with variables of this shape: the same object each time, so that more can be cached under
   * it. Null when this shape is not cached.
   */
  readonly measured: MeasuredOperation | null;
  /**
   * Estimated number of objects in the answer; null when execution will refuse the operation before anything is read.
   */
  readonly cost: number | null;
}

/** An operation with variables of one shape. */
export interface MeasuredOperation {
  readonly cost: number;
}

/** Checks operations against the limits before execution. */
export interface OperationLimiter {
  /**
   * Bounds and coerces the variables, and measures the operation with them. Throws QUERY_TOO_COMPLEX with the measure
   * and its maximum, or BAD_USER_INPUT when variables are too large to coerce.
   */
  check(asked: ValidatedOperation): OperationPassed;
}

/**
 * Variable shapes cached for each operation, and the longest shape: together they bound what a caller can make us
 * store.
 */
const shapesMax = 8;
const shapeLengthMax = 200;

/** Creates a limiter for `limits`. Variables count like literals, and default values like given ones. */
export function createOperationLimiter(limits: QueryLimits, hideSuggestions = false): OperationLimiter {
  const costs = createFieldCosts();
  // Measuring an operation costs as much as answering a small one, and variables of one shape give the same result.
  const shapesPassed = new WeakMap<OperationDefinitionNode, Map<string, MeasuredOperation>>();
  return {
    check({ schema, document, operation, variables: sent }) {
      checkVariables(sent, limits);
      const variables = coerceVariables(schema, operation, sent, hideSuggestions);
      const root = schema.getRootType(operation.operation);
      if (root == null || variables.errors !== undefined) return { variables, measured: null, cost: null };
      const shape = shapeOf(sent, shapeLengthMax);
      const passed = shapesPassed.get(operation) ?? new Map<string, MeasuredOperation>();
      const known = shape === null ? undefined : passed.get(shape);
      if (known !== undefined) return { variables, measured: known, cost: known.cost };
      const scope = { schema, fragments: fragmentsOf(document), variables: variables.values };
      const cost = measureOperation(root, operation.selectionSet, scope, limits, costs);
      if (shape === null) return { variables, measured: null, cost };
      if (passed.size >= shapesMax) passed.clear();
      const measured = { cost };
      shapesPassed.set(operation, passed.set(shape, measured));
      return { variables, measured, cost };
    },
  };
}
