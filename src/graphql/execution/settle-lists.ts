import {
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';

/**
 * Lets list resolvers return promises as members: one that rejects becomes an `Error` in its place, which both
 * executors treat as a failed member. graphql-jit 0.8.9 would put the null of a rejected promise at the end of the
 * list. Changes the given schema.
 */
export function settleLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve !== undefined && isList(field.type)) field.resolve = settling(field.resolve);
    }
  }
  return schema;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function settling(resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, context, info) => {
    const result: unknown = resolve(source, args, context, info);
    return result instanceof Promise ? result.then(settled) : settled(result);
  };
}

function settled(list: unknown): unknown {
  if (!Array.isArray(list) || !list.some((member) => member instanceof Promise)) return list;
  return list.map((member: unknown) => (member instanceof Promise ? member.catch(toError) : member));
}

function toError(error: unknown): Error {
  return error instanceof Error
    ? error
    : new Error('Something other than an error was thrown.', { cause: error });
}
