import {
  type ExecutionResult,
  type GraphQLArgument,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { createErrorLocator } from './located-errors.ts';
import type { OperationPart } from './operation-part.ts';
import { type LiftedArgument, rewriteOperation } from './rewrite.ts';
import { surveyOperation } from './survey.ts';

type Variables = Readonly<Record<string, unknown>>;

/** A compiled operation, for all variables that skip and include the same fields. */
export interface CompiledOperation {
  /** Fields it answers, with fragments expanded: a measure of its size. */
  readonly fieldCount: number;
  /** Runs with coerced variables. Null when an argument is not valid: graphql-js then reports the error. */
  run(context: unknown, variables: Variables): ExecutionResult | Promise<ExecutionResult> | null;
}

/** Compiles an operation of at most `fieldsMax` fields; null when graphql-js must run it. */
export function compileOperation(
  schema: GraphQLSchema,
  part: OperationPart,
  variables: Variables,
  fieldsMax: number,
): CompiledOperation | null {
  const rewritten = rewriteOperation(schema, part, variables);
  if (rewritten === null) return null;
  const { constant, varying } = splitArguments(rewritten.arguments);
  const constants = withArguments({}, constant, {});
  if (constants === null) return null;
  const survey = surveyOperation(schema, rewritten.document, fieldsMax);
  if (survey === null) return null;
  const compiled = compileQuery(schema, rewritten.document, undefined, {
    // `createErrorLocator` creates the errors that callers see, so stacks captured here would be wasted.
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return null;
  const located = createErrorLocator(survey.typeOf);
  const complete = (result: ExecutionResult): ExecutionResult =>
    result.errors === undefined ? result : { ...result, errors: located(result.errors, result.data) };
  return {
    fieldCount: survey.fieldCount,
    run(context, sent) {
      const given = withArguments(sent, varying, constants);
      if (given === null) return null;
      const result = compiled.query(undefined, context, given);
      return result instanceof Promise ? result.then(complete) : complete(result);
    },
  };
}

/**
 * Separates constant arguments, which are coerced once. Coercing them again on each run took 3 % of an operation that
 * asks for ten balances.
 */
function splitArguments(lifted: readonly LiftedArgument[]) {
  const { constant = [], varying = [] } = Object.groupBy(lifted, ({ node }) =>
    holdsVariable(node.value) ? 'varying' : 'constant',
  );
  return { constant, varying };
}

function holdsVariable(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(holdsVariable);
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => holdsVariable(field.value));
  return value.kind === Kind.VARIABLE;
}

/**
 * The variables, together with `constants` and the arguments lifted out of the operation, coerced as execution would.
 */
function withArguments(
  variables: Variables,
  lifted: readonly LiftedArgument[],
  constants: Variables,
): Variables | null {
  const given: Record<string, unknown> = { ...constants, ...variables };
  for (const { name, definition, node } of lifted) {
    const { value } = node;
    if (value.kind === Kind.VARIABLE && !Object.hasOwn(variables, value.name.value)) {
      if (isRequired(definition)) return null;
      continue;
    }
    const coerced: unknown = valueFromAST(value, definition.type, variables);
    if (coerced === undefined) return null;
    given[name] = coerced;
  }
  return given;
}

function isRequired({ type, defaultValue }: GraphQLArgument): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}
