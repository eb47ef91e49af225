import { GraphQLError, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';

/** An operation's variables, coerced as execution would, or what is wrong with them. */
export type CoercedVariables =
  | { readonly values: Readonly<Record<string, unknown>>; readonly errors?: never }
  | { readonly values?: never; readonly errors: readonly GraphQLError[] };

/** Errors reported for one request: each takes time, and more are never fixed at once. */
const errorsMax = 5;
/** Characters of a wrong value that its error shows. */
const valueLengthMax = 100;
/** Characters of the longest path into a variable, such as ` at "filter.accountIds[999]"`. */
const placeLengthMax = 300;

/** Coerces variables that passed `checkVariables`. `hideSuggestions` leaves "Did you mean ..." out of errors. */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  sent: Readonly<Record<string, unknown>>,
  hideSuggestions = false,
): CoercedVariables {
  const options = { maxErrors: errorsMax, hideSuggestions };
  const { coerced, errors = [] } = getVariableValues(schema, variableDefinitions, sent, options);
  if (coerced !== undefined) return { values: coerced };
  // graphql-js adds one error past the maximum, which only says that there are more.
  return { errors: errors.slice(0, errorsMax).map(withShortValue) };
}

/**
 * Shortens the value in an error. graphql-js writes `Variable "$f" got invalid value VALUE at "f.ids[0]"; REASON` with
 * the whole value, which may be longer than the rest of the answer.
 */
function withShortValue(error: GraphQLError): GraphQLError {
  const reason = error.originalError?.message;
  if (reason === undefined || error.message.length - reason.length <= valueLengthMax) return error;
  const message = error.message.slice(0, -reason.length - '; '.length);
  const start = /^Variable "\$\w+" got invalid value /.exec(message)?.[0] ?? '';
  const place = / at "[\w.[\]]+"$/.exec(message.slice(-placeLengthMax))?.[0] ?? '';
  const value = message.slice(start.length, message.length - place.length);
  if (value.length <= valueLengthMax) return error;
  return new GraphQLError(`${start}${value.slice(0, valueLengthMax)}...${place}; ${reason}`, {
    nodes: error.nodes ?? null,
    originalError: error.originalError ?? null,
  });
}
