import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Whether the caller selected at least one of these fields directly below the field being resolved. */
export function selectsAnyOf(info: GraphQLResolveInfo, fieldNames: readonly string[]): boolean {
  return fieldNames.some((fieldName) => selectsPath(info, [fieldName]));
}

/** Whether the caller selected the field at `path`, whose first name is directly below the field being resolved. */
export function selectsPath(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return info.fieldNodes.some((node: FieldNode) => selectedIn(node.selectionSet, path, info));
}

function selectedIn(
  selections: SelectionSetNode | undefined,
  path: readonly string[],
  info: GraphQLResolveInfo,
): boolean {
  const [fieldName, ...below] = path;
  if (fieldName === undefined) return true;
  return (
    selections?.selections.some((node) => {
      if (isLeftOut(node, info)) return false;
      if (node.kind === Kind.FIELD) {
        return node.name.value === fieldName && selectedIn(node.selectionSet, below, info);
      }
      const inner =
        node.kind === Kind.FRAGMENT_SPREAD
          ? info.fragments[node.name.value]?.selectionSet
          : node.selectionSet;
      return selectedIn(inner, path, info);
    }) ?? false
  );
}

function isLeftOut(node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (node.directives === undefined || node.directives.length === 0) return false;
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false
  );
}
