import {
  type FieldNode,
  type GraphQLField,
  getArgumentValues,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type OperationScope } from '../limits/index.ts';

/** A field selected of one object, with what stands in its arguments. A field that is there twice comes once. */
export interface SelectedField {
  readonly name: string;
  /** Where it is in the answer: names and aliases, no indices; `accounts.nodes.balances`. */
  readonly path: string;
  /** Coerced: what the generated type of the field's arguments says. Throws GraphQLError for what execution refuses. */
  args<Args>(): Args;
  readonly below: Selection;
}

/** What is selected below a field. */
export interface Selection {
  /** Fields of the object type `typeName`. */
  of(typeName: string): readonly SelectedField[];
}

/** Reads selections as execution does. */
export function createSelection(
  sets: readonly SelectionSetNode[],
  scope: OperationScope,
  path = '',
): Selection {
  return {
    of(typeName) {
      const type = scope.schema.getType(typeName);
      if (!isObjectType(type)) return [];
      const known = type.getFields();
      const fields: SelectedField[] = [];
      for (const [name, nodes] of collectFields(type, sets, scope)) {
        const [node] = nodes;
        const field = node && known[node.name.value];
        if (node === undefined || field === undefined) continue;
        fields.push(new Field(field, node, nodes, scope, path === '' ? name : `${path}.${name}`));
      }
      return fields;
    },
  };
}

/** Most fields cost nothing, so that nobody asks for their arguments. */
class Field implements SelectedField {
  readonly name: string;
  readonly path: string;
  private readonly field: GraphQLField<unknown, unknown>;
  private readonly node: FieldNode;
  private readonly nodes: readonly FieldNode[];
  private readonly scope: OperationScope;

  constructor(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    nodes: readonly FieldNode[],
    scope: OperationScope,
    path: string,
  ) {
    this.name = field.name;
    this.path = path;
    this.field = field;
    this.node = node;
    this.nodes = nodes;
    this.scope = scope;
  }

  // The types are generated from the schema that the values are coerced by.
  args<Args>(): Args {
    return getArgumentValues(this.field, this.node, this.scope.variables) as Args;
  }

  get below(): Selection {
    const sets = this.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return createSelection(sets, this.scope, this.path);
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
