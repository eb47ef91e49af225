import {
  type FieldNode,
  type GraphQLObjectType,
  getArgumentValues,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type OperationScope } from '../limits/index.ts';

/** Fields selected of one object, with what stands in their arguments; a field that is there twice comes twice. */
export interface SelectedField {
  readonly name: string;
  /** Coerced: what the generated type of the field's arguments says. */
  args<Args>(): Args;
  readonly below: Selection;
}

/** What is selected below a field. */
export interface Selection {
  /** Fields of the object type `typeName`. */
  of(typeName: string): readonly SelectedField[];
}

/** Reads selections as execution does. A field whose arguments cannot be read is left out: execution refuses it. */
export function createSelection(sets: readonly SelectionSetNode[], scope: OperationScope): Selection {
  return {
    of(typeName) {
      const type = scope.schema.getType(typeName);
      if (!isObjectType(type)) return [];
      return [...collectFields(type, sets, scope).values()].flatMap((nodes) => toField(type, nodes, scope));
    },
  };
}

function toField(
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  scope: OperationScope,
): SelectedField[] {
  const [node] = nodes;
  const field = node && type.getFields()[node.name.value];
  if (node === undefined || field === undefined) return [];
  const below = createSelection(
    nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    scope,
  );
  try {
    const args = getArgumentValues(field, node, scope.variables);
    // The types are generated from the schema that the values were coerced by.
    return [{ name: field.name, args: <Args>() => args as Args, below }];
  } catch {
    return [];
  }
}

/** What is selected of the rows of a connection, by either way. */
export function rowsOf(connection: Selection, typeName: string): readonly Selection[] {
  return connection.of(`${typeName}Connection`).flatMap(({ name, below }) => {
    if (name === 'nodes') return [below];
    if (name !== 'edges') return [];
    return below.of(`${typeName}Edge`).flatMap((field) => (field.name === 'node' ? [field.below] : []));
  });
}
