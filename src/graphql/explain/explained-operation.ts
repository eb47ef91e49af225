import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { Failure } from '../../domain/failure.ts';
import { type DocumentRules, toCheckedDocument } from '../apollo/checked-document.ts';
import {
  coerceVariables,
  type OperationLimiter,
  type OperationPassed,
  tokenLimitFailure,
} from '../limits/index.ts';
import type { PlannedOperation } from '../plan/index.ts';

/** An operation to explain. */
export interface ExplainedOperation {
  /** Null when the limits refuse the document before its operation is known. */
  readonly planned: PlannedOperation | null;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly cost: number;
  /** Why execution would refuse it; null when it would run. */
  readonly refusal: Failure | null;
}

/** Validation errors that are reported. */
const errorsMax = 5;

/**
 * Reads an operation the way a request is read. What the limits refuse becomes `refusal`. Throws BAD_USER_INPUT, with
 * the message of graphql-js, for text that is not an operation and for unusable variables.
 */
export function readExplained(
  text: string,
  operationName: string | null,
  variables: unknown,
  rules: DocumentRules,
  limiter: OperationLimiter,
): ExplainedOperation {
  const sent = toVariables(variables);
  const document = parsed(text, rules);
  if (document instanceof Failure) return { planned: null, variables: sent, cost: 0, refusal: document };
  const operation = operationOf(document, operationName);
  const asked = { schema: rules.schema, document, operation };
  let checked: OperationPassed;
  try {
    checked = limiter.check({ ...asked, variables: sent });
  } catch (error) {
    if (error instanceof Failure && error.code === 'QUERY_TOO_COMPLEX') {
      const { measure, value = 0 } = error.details.limit ?? {};
      return { planned: null, variables: sent, cost: measure === 'cost' ? value : 0, refusal: error };
    }
    if (!(error instanceof GraphQLError)) throw error;
    // An argument is not valid: execution refuses its field and runs the others.
    const variables = coerceVariables(rules.schema, operation, sent, rules.hideSuggestions);
    checked = { variables, measured: null, cost: null };
  }
  const { values, errors } = checked.variables;
  if (errors !== undefined) throw unusable(errors);
  return {
    planned: { ...asked, variables: values },
    variables: sent,
    cost: checked.cost ?? 0,
    refusal: null,
  };
}

function toVariables(variables: unknown): Readonly<Record<string, unknown>> {
  if (variables == null) return {};
  if (typeof variables === 'object' && !Array.isArray(variables)) return { ...variables };
  const found = Array.isArray(variables) ? 'a list' : `a ${typeof variables}`;
  throw new Failure(
    'BAD_USER_INPUT',
    `Argument "variables" must be an object with the operation's variables; it is ${found}.`,
  );
}

/** Parses the document; returns the failure when a limit refuses it. */
function parsed(text: string, rules: DocumentRules): DocumentNode | Failure {
  try {
    const { document, errors } = toCheckedDocument(text, rules, errorsMax);
    if (errors.length > 0) throw unusable(errors);
    return document;
  } catch (error) {
    if (error instanceof Failure && error.code === 'QUERY_TOO_COMPLEX') return error;
    if (error instanceof RangeError) {
      throw new Failure('BAD_USER_INPUT', 'Syntax Error: The document nests too deeply to be read.');
    }
    if (!(error instanceof GraphQLError)) throw error;
    return tokenLimitFailure(error) ?? fail(unusable([error]));
  }
}

function fail(failure: Failure): never {
  throw failure;
}

/** Picks the requested operation. When there is none, or several, the error has graphql-js's wording. */
function operationOf(document: DocumentNode, operationName: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation == null) {
    const hasSome = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const problem =
      operationName !== null
        ? `Unknown operation named "${operationName.slice(0, 100)}".`
        : hasSome
          ? 'Must provide operation name if query contains multiple operations.'
          : 'Must provide an operation.';
    throw new Failure('BAD_USER_INPUT', problem);
  }
  if (operation.operation === 'query') return operation;
  throw new Failure(
    'BAD_USER_INPUT',
    operation.operation === 'subscription'
      ? 'A subscription has no plan of its own: it shares its reads with others. Explain a query of the same fields.'
      : `Schema is not configured to execute ${operation.operation} operation.`,
  );
}

const messagesLengthMax = 1_000;

function unusable(errors: readonly GraphQLError[]): Failure {
  const messages = errors.map(({ message }) => message).join(' ');
  return new Failure('BAD_USER_INPUT', messages.slice(0, messagesLengthMax));
}
