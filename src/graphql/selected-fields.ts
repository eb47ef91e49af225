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
  // Searches each fragment once for each depth: spreads that double at every step would otherwise take forever.
  const searched = new Set<string>();

  function selectedIn(selections: SelectionSetNode | undefined, depth: number): boolean {
    if (depth === path.length) return true;
    return selections?.selections.some((node) => !isLeftOut(node, info) && isSelected(node, depth)) ?? false;
  }

  function isSelected(node: SelectionNode, depth: number): boolean {
    if (node.kind === Kind.FIELD) {
      return node.name.value === path[depth] && selectedIn(node.selectionSet, depth + 1);
    }
    if (node.kind === Kind.INLINE_FRAGMENT) return selectedIn(node.selectionSet, depth);
    const search = `${depth} ${node.name.value}`;
    if (searched.has(search)) return false;
    searched.add(search);
    return selectedIn(info.fragments[node.name.value]?.selectionSet, depth);
  }

  return info.fieldNodes.some((node: FieldNode) => selectedIn(node.selectionSet, 0));
}

function isLeftOut(node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (node.directives === undefined || node.directives.length === 0) return false;
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false
  );
}
