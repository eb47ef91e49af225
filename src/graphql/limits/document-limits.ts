import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';
import { checkLimit, type QueryLimits } from './query-limits.ts';
import { checkSubscriptionRoot } from './subscription-root.ts';

/** Bounds a document's text before it is parsed. Throws QUERY_TOO_COMPLEX. */
export function checkDocumentLength(text: string, limits: QueryLimits): void {
  checkLimit('length', text.length, limits);
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
