import {
  type DocumentNode,
  type ExecutableDefinitionNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

/** One operation of a document, and the fragments it uses, directly or through other fragments. */
export interface OperationPart {
  readonly operation: OperationDefinitionNode;
  readonly fragments: readonly FragmentDefinitionNode[];
}

/** Picks the query that execution would pick for `operationName`; null when there is none. */
export function partOf(
  document: DocumentNode,
  operationName: string | null | undefined,
): OperationPart | null {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const picked =
    operationName == null
      ? operations
      : operations.filter(({ name }) => name !== undefined && name.value === operationName);
  const [operation] = picked;
  if (operation === undefined || picked.length > 1 || operation.operation !== 'query') return null;
  return { operation, fragments: fragmentsUsed(document, operation) };
}

/** The operation's definition and those of its fragments. */
export function definitionsOf({ operation, fragments }: OperationPart): readonly ExecutableDefinitionNode[] {
  return [operation, ...fragments];
}

/** Names of the variables used by `@skip` and `@include`, each once. */
export function conditionsOf(definitions: readonly ExecutableDefinitionNode[]): readonly string[] {
  const names = new Set<string>();
  for (const definition of definitions) {
    visit(definition, {
      Directive({ arguments: given = [] }) {
        for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return [...names];
}

function fragmentsUsed(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly FragmentDefinitionNode[] {
  const byName = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) byName.set(node.name.value, node);
  }
  const used = new Set<FragmentDefinitionNode>();
  const collect = (definition: ExecutableDefinitionNode): void => {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = byName.get(name.value);
        if (fragment === undefined || used.has(fragment)) return;
        used.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(operation);
  return [...used];
}
