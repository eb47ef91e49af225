import { type DocumentNode, Kind } from 'graphql';
import { type DocumentRules, toCheckedDocument } from './checked-document.ts';
import { createOperationLimiter } from './limits/index.ts';
import type { ListedOperation } from './safelist-plugin.ts';

/** Why the gateway could never run one of `operations`, in GraphQL's words or the limits'; empty when it can run all. */
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
        // One with required variables is judged when it is asked, with their values.
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
