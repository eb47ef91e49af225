import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { checkDocument, checkDocumentLength, type QueryLimits } from './limits/index.ts';
import { noSchemaReading } from './no-schema-reading.ts';

/** What a document has to keep to. */
export interface DocumentRules {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  /** Whether an operation may read the schema. */
  readonly introspection: boolean;
  /** Leaves suggestions out of errors. */
  readonly hideSuggestions?: boolean;
}

/** A document that was parsed, and what does not fit the schema. */
export interface CheckedDocument {
  readonly document: DocumentNode;
  readonly errors: readonly GraphQLError[];
}

/** Parses and validates a text within the limits, as a request's is. Throws QUERY_TOO_COMPLEX, and graphql-js's syntax errors. */
export function toCheckedDocument(
  text: string,
  { schema, limits, introspection, hideSuggestions = false }: DocumentRules,
  maxErrors: number,
): CheckedDocument {
  checkDocumentLength(text, limits);
  const document = parse(text, { maxTokens: limits.tokens });
  checkDocument(document, limits);
  const rules = introspection ? specifiedRules : [...specifiedRules, noSchemaReading];
  return { document, errors: validate(schema, document, rules, { maxErrors, hideSuggestions }) };
}
