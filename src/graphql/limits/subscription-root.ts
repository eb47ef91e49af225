import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { Failure } from '../../domain/failure.ts';
import { fragmentsOf } from './collect-fields.ts';

const conditions: ReadonlySet<string> = new Set(['skip', 'include']);

/**
 * Refuses `@skip` and `@include` at the root of a subscription, as the GraphQL specification does (section 5.2.4.1): there
 * must be one field there whatever the variables are. graphql-js 16 throws where they are used. Throws BAD_USER_INPUT.
 */
export function checkSubscriptionRoot(document: DocumentNode): void {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'subscription') continue;
    checkSelections(definition.selectionSet, fragmentsOf(document), new Set());
  }
}

function checkSelections(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  spread: Set<string>,
): void {
  for (const node of selections) {
    const condition = node.directives?.find(({ name }) => conditions.has(name.value));
    if (condition !== undefined) {
      const found = `The root of a subscription takes no "@${condition.name.value}".`;
      throw new Failure('BAD_USER_INPUT', `${found} Remove it, and subscribe only when the field is wanted.`);
    }
    if (node.kind === Kind.INLINE_FRAGMENT) checkSelections(node.selectionSet, fragments, spread);
    if (node.kind !== Kind.FRAGMENT_SPREAD || spread.has(node.name.value)) continue;
    spread.add(node.name.value);
    const fragment = fragments.get(node.name.value);
    if (fragment !== undefined) checkSelections(fragment.selectionSet, fragments, spread);
  }
}
