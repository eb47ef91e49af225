import {
  type DocumentNode,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { fragmentsOf } from './collect-fields.ts';
import { checkDocument } from './document-limits.ts';
import { createFieldCosts, measureOperation } from './operation-limits.ts';
import type { QueryLimits } from './query-limits.ts';
import { shapeOf } from './variables-shape.ts';

export { collectFields, fragmentsOf, type OperationScope } from './collect-fields.ts';
export { type Measure, type QueryLimits, queryLimitsDefault } from './query-limits.ts';
export { tokenLimitFailure } from './token-limit.ts';

/** An operation that passed validation, about to be executed. */
export interface OperationAsked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  /** Null: none of the name that was asked for; then the document alone is judged. */
  readonly operation: OperationDefinitionNode | null;
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Judges operations before they are executed. */
export interface OperationLimiter {
  /**
   * Throws QUERY_TOO_COMPLEX with the measure and its maximum. Gives what stands for the operation with variables of
   * this shape: the same object each time, so that more can be remembered of them. Null where they are not remembered.
   */
  check(asked: OperationAsked): object | null;
}

/** Shapes of variables remembered for each operation, and the longest of them: what a caller can make us keep. */
const shapesMax = 8;
const shapeLengthMax = 200;

/** Applies `limits`; variables count like literals, and defaults like values. */
export function createOperationLimiter(limits: QueryLimits): OperationLimiter {
  const costs = createFieldCosts();
  const documentsPassed = new WeakSet<DocumentNode>();
  // Measuring an operation costs as much as answering a small one, and for variables of one shape it comes out alike.
  const shapesPassed = new WeakMap<OperationDefinitionNode, Map<string, object>>();
  return {
    check({ schema, document, operation, variables: sent }) {
      if (!documentsPassed.has(document)) {
        checkDocument(document, limits);
        documentsPassed.add(document);
      }
      if (operation === null) return null;
      const shape = shapeOf(sent, shapeLengthMax);
      const passed = shapesPassed.get(operation) ?? new Map<string, object>();
      const known = shape === null ? undefined : passed.get(shape);
      if (known !== undefined) return known;
      const root = schema.getRootType(operation.operation);
      // The first mistake is enough here: each one more costs, and a body has room for tens of thousands.
      const defined = operation.variableDefinitions ?? [];
      const { coerced } = getVariableValues(schema, defined, sent, { maxErrors: 1 });
      // What execution refuses, it refuses before anything is read, and says better why.
      if (root == null || coerced === undefined) return null;
      const scope = { schema, fragments: fragmentsOf(document), variables: coerced };
      measureOperation(root, operation.selectionSet, scope, limits, costs);
      if (shape === null) return null;
      if (passed.size >= shapesMax) passed.clear();
      const alike = {};
      shapesPassed.set(operation, passed.set(shape, alike));
      return alike;
    },
  };
}
