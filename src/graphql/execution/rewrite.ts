import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLArgument,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  print,
  type SelectionNode,
  TypeInfo,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { definitionsOf, type OperationPart } from './operation-part.ts';

/** An argument that was lifted out of an operation into a variable, wherever it occurred. */
export interface LiftedArgument {
  /** The variable that replaces it everywhere. */
  readonly name: string;
  readonly definition: GraphQLArgument;
  readonly node: ArgumentNode;
}

/** An operation rewritten for graphql-jit, equivalent to the original. */
export interface Rewritten {
  readonly document: DocumentNode;
  readonly arguments: readonly LiftedArgument[];
}

/** The subgraph scalar that accepts any value unchanged. */
const anyScalar = '_Any';
const liftedPrefix = '__argument';

/**
 * Rewrites an operation into one that graphql-jit runs correctly and safely: fields that `@skip` and `@include` leave
 * out for these variables are removed, every argument value becomes a variable, and every variable gets a type that
 * accepts any value. So nothing a caller wrote except names reaches the generated code (in graphql-jit 0.8.9 a string
 * of a certain form can become code), and graphql-js coerces variables and arguments. Null for an operation that cannot
 * be rewritten. The field nodes are new objects, because graphql-jit writes to them.
 */
export function rewriteOperation(
  schema: GraphQLSchema,
  part: OperationPart,
  variables: Readonly<Record<string, unknown>>,
): Rewritten | null {
  const names = (part.operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  if (schema.getType(anyScalar) === undefined || names.some((name) => name.startsWith('__'))) return null;
  const lifted = new Map<string, LiftedArgument>();
  const typeInfo = new TypeInfo(schema);
  let isStrange = false;

  const unconditional = <Node extends SelectionNode>(node: Node): Node | null =>
    isLeftOut(node, variables) ? null : { ...node, directives: [] };
  const document = visit<DocumentNode>(
    { kind: Kind.DOCUMENT, definitions: definitionsOf(part) },
    visitWithTypeInfo(typeInfo, {
      OperationDefinition: (node) => ({ ...node, variableDefinitions: [], directives: [] }),
      Field: unconditional,
      FragmentSpread: unconditional,
      InlineFragment: unconditional,
      Argument(node) {
        const definition = typeInfo.getArgument();
        if (definition == null) {
          isStrange = true;
          return;
        }
        // Aliases of a field mostly repeat its arguments; equal ones are coerced once.
        const { type, defaultValue } = definition;
        const sameAs = `${type} ${defaultValue === undefined} ${print(node.value)}`;
        const known = lifted.get(sameAs);
        const name = known?.name ?? `${liftedPrefix}${lifted.size}`;
        if (known === undefined) lifted.set(sameAs, { name, definition, node });
        return { ...node, value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } };
      },
    }),
  );
  if (isStrange) return null;
  const liftedArguments = [...lifted.values()];
  return { document: withVariables(document, names, liftedArguments), arguments: liftedArguments };
}

function withVariables(
  document: DocumentNode,
  names: readonly string[],
  lifted: readonly LiftedArgument[],
): DocumentNode {
  const variableDefinitions = [...names, ...lifted.map(({ name }) => name)].map(anyVariable);
  return {
    ...document,
    definitions: document.definitions.map((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? { ...node, variableDefinitions } : node,
    ),
  };
}

function anyVariable(name: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: anyScalar } },
  };
}

function isLeftOut(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if === false
  );
}
