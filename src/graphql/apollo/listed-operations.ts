import { type DocumentNode, Kind } from 'graphql';
import { createOperationLimiter } from '../limits/index.ts';
import { type DocumentRules, toCheckedDocument } from './checked-document.ts';
import type { ListedOperation } from './safelist-plugin.ts';

/**
 * Explains why the gateway could never run some of `operations`, in the words of GraphQL or of the limits; empty when
 * all can run.
 */
export function listedOperationProblems(
  operations: readonly ListedOperation[],
  rules: DocumentRules,
): readonly { readonly id: string; readonly problem: string }[] {
  const limiter = createOperationLimiter(rules.limits);
  return operations.flatMap(({ id, text }) => {
    const problem = problemOf(text, rules, (document) => {
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        if (rules.schema.getRootType(definition.operation) == null) {
          throw new Error(`There is no ${definition.operation} in this schema.`);
        }
        // An operation with required variables is checked when it is sent, with their values.
        limiter.check({ schema: rules.schema, document, operation: definition, variables: {} });
      }
    });
    return problem === null ? [] : [{ id, problem }];
  });
}

function problemOf(
  text: string,
  rules: DocumentRules,
  judge: (document: DocumentNode) => void,
): string | null {
  try {
    const { document, errors } = toCheckedDocument(text, rules, 1);
    const [error] = errors;
    if (error !== undefined) return error.message;
    judge(document);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'It cannot be read.';
  }
}
