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

/** What an operation without conditions comes to, once its fragments are put in place. */
export interface Survey {
  readonly fieldCount: number;
  /** The type of each field that is written. */
  readonly typeOf: ReadonlyMap<FieldNode, GraphQLOutputType>;
}

/** Selections a field may come to where it is written more than once. */
const selectionsPerField = 4;

/** Fields whose answer is made of the schema: large to compile, and seldom asked. */
const introspectionFields: readonly string[] = ['__schema', '__type'];

/**
 * Looks an operation over before it is compiled; null where graphql-jit would not run it rightly. It keeps what it
 * tells resolvers about a field under the names of its path joined by `_`, so that two paths must not join alike;
 * it writes the names of the answer into an object literal, where `__proto__` is no name; and it follows every spread
 * of a fragment, however often, so that fragments which double at each step would keep it busy for ever.
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

  /** Whether all is well below an object. */
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
  /** Selections as they are when every spread is put in place, each time. */
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
