import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLFieldResolver, type GraphQLSchema, graphqlSync, isUnionType, parse } from 'graphql';
import { Failure } from '../domain/failure.ts';
import type { GatewayContext } from './context.ts';
import { paceFields, settleLists } from './execution/index.ts';
import { resolvers } from './resolvers/index.ts';

/**
 * Creates the subgraph schema from `schema.graphql`, located relative to this file (also once built), and the
 * resolvers.
 */
export function createSchema(): GraphQLSchema {
  return settleLists(paceFields(guardEntities(buildSubgraph()), ({ turns }: GatewayContext) => turns));
}

/** Prints the schema as SDL with its federation directives, for composition: the text of `_service { sdl }`. */
export function printSdl(): string {
  const { data } = graphqlSync({ schema: buildSubgraph(), source: '{ _service { sdl } }' });
  const { _service } = data as { _service: { sdl: string } };
  return _service.sdl;
}

function buildSubgraph(): GraphQLSchema {
  const text = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
  // The generated resolver types are stricter than the subgraph library's own types, which do not know our context.
  return buildSubgraphSchema([{ typeDefs: parse(text), resolvers: resolvers as never }]);
}

/**
 * Checks every representation before any of them is resolved. The subgraph library throws at the first unknown one, and
 * leaves the promises of those before it unhandled.
 */
function guardEntities(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()._entities;
  const entity = schema.getType('_Entity');
  const resolve = field?.resolve;
  if (field === undefined || resolve === undefined || !isUnionType(entity)) return schema;
  const names = entity.getTypes().map(({ name }) => name);
  const guarded: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    const representations: readonly unknown[] = args.representations;
    for (const [index, representation] of representations.entries()) {
      const name = nameOf(representation);
      if (names.includes(name)) continue;
      throw new Failure(
        'BAD_USER_INPUT',
        `Argument "representations": entry ${index} must be an object with a "__typename" of ${names.join(', ')}.`,
      );
    }
    return resolve(source, args, context, info);
  };
  field.resolve = guarded;
  return schema;
}

function nameOf(representation: unknown): string {
  const isObject = typeof representation === 'object' && representation !== null;
  const name: unknown = isObject ? Reflect.get(representation, '__typename') : null;
  return typeof name === 'string' ? name : '';
}
