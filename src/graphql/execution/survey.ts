import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type OperationScope } from '../limits/collect-fields.ts';

/** The size and the field types of an operation without conditions, with its fragments expanded. */
export interface Survey {
  readonly fieldCount: number;
  /** The type of each field node in the document. */
  readonly typeOf: ReadonlyMap<FieldNode, GraphQLOutputType>;
}

/** Selections allowed for each field, where a field is written more than once. */
const selectionsPerField = 4;

/** Fields that answer from the schema: large to compile, and rarely requested. */
const introspectionFields: readonly string[] = ['__schema', '__type'];

/**
 * Inspects an operation before it is compiled; null when graphql-jit would run it incorrectly. graphql-jit stores what
 * it passes to resolvers under the field's path joined by `_`, so no two paths may join to the same text. It writes
 * response names into an object literal, where `__proto__` would set the prototype. And it follows every fragment
 * spread each time, so fragments that double at each step would keep it busy forever.
 */
export function surveyOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  fieldsMax: number,
): Survey | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const scope: OperationScope = { schema, fragments, variables: {}, onSelection: () => {} };
  const typeOf = new Map<FieldNode, GraphQLOutputType>();
  const joined = new Set<string>();
  let fieldCount = 0;

  /** Whether everything below an object can be compiled. */
  function look(
    type: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
    path: string,
    listDepth: number,
  ): boolean {
    for (const [name, nodes] of collectFields(type, selectionSets, scope)) {
      fieldCount += 1;
      const fieldName = nodes[0]?.name.value ?? '';
      if (fieldCount > fieldsMax || name === '__proto__' || introspectionFields.includes(fieldName)) {
        return false;
      }
      const field = type.getFields()[fieldName];
      if (field === undefined) continue;
      const fieldPath = `${name}_${path}`;
      if (joined.has(fieldPath)) return false;
      joined.add(fieldPath);
      for (const node of nodes) typeOf.set(node, field.type);
      const lists = listDepthOf(field.type);
      let below = fieldPath;
      for (let depth = 0; depth < lists; depth += 1) below = `idx${listDepth + depth}_${below}`;
      if (!lookBelow(field.type, nodes, below, listDepth + lists)) return false;
    }
    return true;
  }

  function lookBelow(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    path: string,
    listDepth: number,
  ): boolean {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return true;
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (isObjectType(named)) return look(named, below, path, listDepth);
    return (
      isAbstractType(named) &&
      schema
        .getPossibleTypes(named)
        .every((member) => look(member, below, `${member.name}_${path}`, listDepth))
    );
  }

  const sizes = new Map<string, number>();
  /** Number of selections once every spread is expanded, each time it occurs. */
  function spreadSize({ selections }: SelectionSetNode): number {
    let size = selections.length;
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) size += fragmentSize(node.name.value);
      else if (node.selectionSet !== undefined) size += spreadSize(node.selectionSet);
    }
    return size;
  }
  function fragmentSize(name: string): number {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const size = fragment === undefined ? 0 : spreadSize(fragment.selectionSet);
    sizes.set(name, size);
    return size;
  }

  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const root = schema.getQueryType();
  if (operation === undefined || root == null) return null;
  if (spreadSize(operation.selectionSet) > fieldsMax * selectionsPerField) return null;
  if (!look(root, [operation.selectionSet], '', 0)) return null;
  return { fieldCount, typeOf };
}

function listDepthOf(type: GraphQLOutputType): number {
  const nullable = getNullableType(type);
  return isListType(nullable) ? 1 + listDepthOf(nullable.ofType) : 0;
}
