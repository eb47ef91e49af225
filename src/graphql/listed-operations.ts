import { type DocumentNode, type GraphQLSchema, Kind, parse, specifiedRules, validate } from 'graphql';
import {
  checkDocument,
  checkDocumentLength,
  createOperationLimiter,
  type QueryLimits,
} from './limits/index.ts';
import { noSchemaReading } from './no-schema-reading.ts';
import type { ListedOperation } from './safelist-plugin.ts';

export interface ListRules {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  /** Whether an operation may read the schema. */
  readonly introspection: boolean;
}

/** Why the gateway could never run one of `operations`, in GraphQL's words or the limits'; empty when it can run all. */
export function listedOperationProblems(
  operations: readonly ListedOperation[],
  rules: ListRules,
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
  { schema, limits, introspection }: ListRules,
  judge: (document: DocumentNode) => void,
): string | null {
  try {
    checkDocumentLength(text, limits);
    const document = parse(text, { maxTokens: limits.tokens });
    checkDocument(document, limits);
    const validationRules = introspection ? specifiedRules : [...specifiedRules, noSchemaReading];
    const [error] = validate(schema, document, validationRules, { maxErrors: 1 });
    if (error !== undefined) return error.message;
    judge(document);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'It cannot be read.';
  }
}
