import { readFileSync } from 'node:fs';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { resolvers } from './resolvers/index.ts';

/** The subgraph schema: `schema.graphql`, found from this file (also once built), with its resolvers. */
export function createSchema(): GraphQLSchema {
  const text = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
  // The generated resolver types are stricter than the subgraph library's own, which do not know our context.
  return buildSubgraphSchema([{ typeDefs: parse(text), resolvers: resolvers as never }]);
}

/** What a composer reads: the schema in SDL with its federation directives. */
export function printSdl(schema: GraphQLSchema): string {
  return printSubgraphSchema(schema);
}
