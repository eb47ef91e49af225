import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { Failure } from '../../domain/failure.ts';
import type { QueryLimits } from '../../domain/query-limits.ts';
import { checkLimit, tooComplex } from './check-limit.ts';
import { fragmentsOf } from './collect-fields.ts';

/** Bounds a document's text before it is parsed. Throws QUERY_TOO_COMPLEX. */
export function checkDocumentLength(text: string, limits: QueryLimits): void {
  checkLimit('length', text.length, limits);
}

// The parser's error has no code; only its message identifies it.
const tokenLimitMessage = /Document contains more tha[nt] (\d+) tokens/;

/** Creates QUERY_TOO_COMPLEX for the error with which the parser stops at `maxTokens`; null for any other error. */
export function tokenLimitFailure(error: unknown): Failure | null {
  if (!(error instanceof GraphQLError)) return null;
  const maximum = tokenLimitMessage.exec(error.message)?.[1];
  return maximum === undefined ? null : tooComplex('tokens', Number(maximum), null);
}

/**
 * Counts what a document contains, each occurrence once, and checks what validation relies on; the document need not be
 * valid. Throws QUERY_TOO_COMPLEX or BAD_USER_INPUT.
 */
export function checkDocument(document: DocumentNode, limits: QueryLimits): void {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    enter(node: ASTNode) {
      if (node.kind === Kind.FIELD && node.alias !== undefined) aliases += 1;
      if (!('directives' in node) || node.directives === undefined) return;
      directives += node.directives.length;
      checkLimit('directivesPerLocation', node.directives.length, limits);
    },
  });
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length;
  checkLimit('fragments', fragments, limits);
  checkLimit('directives', directives, limits);
  checkLimit('aliases', aliases, limits);
  checkSubscriptionRoot(document);
}

const conditions: ReadonlySet<string> = new Set(['skip', 'include']);

/**
 * Refuses `@skip` and `@include` at the root of a subscription, as the GraphQL specification does (section 5.2.4.1): there
 * must be one field there whatever the variables are. graphql-js 16 throws where they are used. Throws BAD_USER_INPUT.
 */
function checkSubscriptionRoot(document: DocumentNode): void {
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
