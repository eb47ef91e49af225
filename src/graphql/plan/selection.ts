import {
  type FieldNode,
  type GraphQLField,
  getArgumentValues,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type OperationScope } from '../limits/index.ts';

/** A selected field of one object, with its arguments. A field that occurs twice is merged into one. */
export interface SelectedField {
  readonly name: string;
  /** Response path: names and aliases without indices, such as `accounts.nodes.balances`. */
  readonly path: string;
  /**
   * Coerced arguments, of the type generated for the field. Throws GraphQLError for arguments that execution refuses.
   */
  args<Args>(): Args;
  readonly below: Selection;
}

/** The selection below a field. */
export interface Selection {
  /** Selected fields of the object type `typeName`. */
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

/** Coerces arguments lazily, because most fields cost nothing and their arguments are not needed. */
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

  // The types are generated from the schema with which the values are coerced.
  args<Args>(): Args {
    return getArgumentValues(this.field, this.node, this.scope.variables) as Args;
  }

  get below(): Selection {
    const sets = this.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return createSelection(sets, this.scope, this.path);
  }
}

/** The selections on the rows of a connection, through `nodes` and through `edges`. */
export function rowsOf(connection: Selection, typeName: string): readonly Selection[] {
  return connection.of(`${typeName}Connection`).flatMap(({ name, below }) => {
    if (name === 'nodes') return [below];
    if (name !== 'edges') return [];
    return below.of(`${typeName}Edge`).flatMap((field) => (field.name === 'node' ? [field.below] : []));
  });
}
