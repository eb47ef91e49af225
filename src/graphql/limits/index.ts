import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type CoercedVariables, coerceVariables } from './coerce-variables.ts';
import { fragmentsOf } from './collect-fields.ts';
import { createFieldCosts, measureOperation } from './operation-limits.ts';
import type { QueryLimits } from './query-limits.ts';
import { checkVariables } from './variable-limits.ts';
import { shapeOf } from './variables-shape.ts';

export { type CoercedVariables, coerceVariables } from './coerce-variables.ts';
export { collectFields, fragmentsOf, type OperationScope } from './collect-fields.ts';
export { checkDocument, checkDocumentLength } from './document-limits.ts';
export { type Measure, type QueryLimits, queryLimitsDefault } from './query-limits.ts';
export { tokenLimitFailure } from './token-limit.ts';

/** An operation that passed validation, about to be executed. */
export interface OperationAsked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation that may run, if its variables fit. */
export interface OperationPassed {
  /** What execution takes, so that nobody coerces again. */
  readonly variables: CoercedVariables;
  /**
   * What stands for the operation with variables of this shape: the same object each time, so that more can be
   * remembered of them. Null where they are not remembered.
   */
  readonly alike: MeasuredOperation | null;
  /** Objects that the answer may come to; null where execution refuses the operation before anything is read. */
  readonly cost: number | null;
}

/** An operation with variables of one shape. */
export interface MeasuredOperation {
  readonly cost: number;
}

/** Judges operations before they are executed. */
export interface OperationLimiter {
  /**
   * Bounds the variables, coerces them, and measures the operation with them. Throws QUERY_TOO_COMPLEX with the measure
   * and its maximum, or BAD_USER_INPUT for variables that are too large to be coerced.
   */
  check(asked: OperationAsked): OperationPassed;
}

/** Shapes of variables remembered for each operation, and the longest of them: what a caller can make us keep. */
const shapesMax = 8;
const shapeLengthMax = 200;

/** Applies `limits`; variables count like literals, and defaults like values. */
export function createOperationLimiter(limits: QueryLimits, hideSuggestions = false): OperationLimiter {
  const costs = createFieldCosts();
  // Measuring an operation costs as much as answering a small one, and for variables of one shape it comes out alike.
  const shapesPassed = new WeakMap<OperationDefinitionNode, Map<string, MeasuredOperation>>();
  return {
    check({ schema, document, operation, variables: sent }) {
      checkVariables(sent, limits);
      const variables = coerceVariables(schema, operation, sent, hideSuggestions);
      const root = schema.getRootType(operation.operation);
      if (root == null || variables.errors !== undefined) return { variables, alike: null, cost: null };
      const shape = shapeOf(sent, shapeLengthMax);
      const passed = shapesPassed.get(operation) ?? new Map<string, MeasuredOperation>();
      const known = shape === null ? undefined : passed.get(shape);
      if (known !== undefined) return { variables, alike: known, cost: known.cost };
      const scope = { schema, fragments: fragmentsOf(document), variables: variables.values };
      const cost = measureOperation(root, operation.selectionSet, scope, limits, costs);
      if (shape === null) return { variables, alike: null, cost };
      if (passed.size >= shapesMax) passed.clear();
      const alike = { cost };
      shapesPassed.set(operation, passed.set(shape, alike));
      return { variables, alike, cost };
    },
  };
}
