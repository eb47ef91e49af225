import { type DocumentNode, Kind, visit } from 'graphql';
import { checkLimit, type QueryLimits } from './query-limits.ts';

/** Counts what is written in a document, each place once. Throws QUERY_TOO_COMPLEX. */
export function checkDocument(document: DocumentNode, limits: QueryLimits): void {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field(node) {
      if (node.alias !== undefined) aliases += 1;
    },
    Directive() {
      directives += 1;
    },
  });
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length;
  checkLimit('fragments', fragments, limits);
  checkLimit('directives', directives, limits);
  checkLimit('aliases', aliases, limits);
}
