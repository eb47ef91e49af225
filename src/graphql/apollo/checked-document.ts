import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { checkDocument, checkDocumentLength, type QueryLimits } from '../limits/index.ts';
import { noSchemaReading } from './no-schema-reading.ts';

/** The rules that a document must keep. */
export interface DocumentRules {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  /** Whether an operation may read the schema. */
  readonly introspection: boolean;
  /** Whether errors omit suggestions. */
  readonly hideSuggestions?: boolean;
}

/** A parsed document, and its validation errors. */
export interface CheckedDocument {
  readonly document: DocumentNode;
  readonly errors: readonly GraphQLError[];
}

/**
 * Parses and validates a text within the limits, as for a request. Throws QUERY_TOO_COMPLEX or BAD_USER_INPUT, and
 * the syntax errors of graphql-js.
 */
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
