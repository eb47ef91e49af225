import {
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import type { Turns } from './turns.ts';

/**
 * Makes fields that return objects wait for the operation's next turn of the event loop when the current turn is full.
 * Changes the given schema.
 */
export function paceFields<Context>(
  schema: GraphQLSchema,
  turnsOf: (context: Context) => Turns,
): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve === undefined || !isCompositeType(getNamedType(field.type))) continue;
      field.resolve = paced(field.resolve, turnsOf);
    }
  }
  return schema;
}

function paced<Context>(
  resolve: GraphQLFieldResolver<unknown, Context>,
  turnsOf: (context: Context) => Turns,
): GraphQLFieldResolver<unknown, Context> {
  return (source, args, context, info) => {
    const turns = turnsOf(context);
    return turns.hasRoom
      ? counted(resolve(source, args, context, info), turns)
      : turns.later(() => counted(resolve(source, args, context, info), turns));
  };
}

/** Counts what a field has returned: itself, and the members of a list. */
function counted(result: unknown, turns: Turns): unknown {
  const { isLarge } = turns;
  const list: readonly unknown[] | null = Array.isArray(result) ? result : null;
  turns.take(1 + (list?.length ?? 0));
  if (isLarge) for (const object of list ?? [result]) if (object instanceof Promise) turns.hold(object);
  return result;
}
