import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Failure, type FailureCode } from '../domain/failure.ts';
import { badBuiltInLiteral } from './input/literals.ts';
import { tokenLimitFailure } from './limits/index.ts';

/** How callers and operators should treat a code. */
interface CodeRule {
  /** Whether a retry may succeed, when the failure itself does not say. */
  readonly retryable: boolean;
  /** Whether operators should see it: providers' problems, not callers' mistakes. */
  readonly logged: boolean;
}

/** Covers every code: one without an entry does not compile. */
const codeRules: Readonly<Record<FailureCode, CodeRule>> = {
  UPSTREAM_AUTH: { retryable: false, logged: true },
  UPSTREAM_FORBIDDEN: { retryable: false, logged: true },
  UPSTREAM_RATE_LIMITED: { retryable: true, logged: true },
  UPSTREAM_TIMEOUT: { retryable: true, logged: true },
  UPSTREAM_UNAVAILABLE: { retryable: true, logged: true },
  UPSTREAM_REJECTED: { retryable: false, logged: true },
  UPSTREAM_SHAPE: { retryable: false, logged: true },
  UPSTREAM_BUDGET_EXHAUSTED: { retryable: true, logged: true },
  QUERY_TOO_COMPLEX: { retryable: false, logged: false },
  PERSISTED_QUERY_NOT_IN_LIST: { retryable: false, logged: false },
  QUERY_NOT_IN_SAFELIST: { retryable: false, logged: false },
  CALLS_EXCEEDED: { retryable: false, logged: false },
  CURSOR_INVALID: { retryable: false, logged: false },
  CURSOR_FILTER_CHANGED: { retryable: false, logged: false },
  ACCOUNT_NOT_FOUND: { retryable: false, logged: false },
  ACCOUNT_OUT_OF_SCOPE: { retryable: false, logged: false },
  RATE_LIMITED: { retryable: true, logged: false },
  OVERLOADED: { retryable: true, logged: false },
  UNAUTHENTICATED: { retryable: false, logged: false },
  FORBIDDEN: { retryable: false, logged: false },
  BAD_USER_INPUT: { retryable: false, logged: false },
  CANCELLED: { retryable: true, logged: false },
};

const internalCode = 'INTERNAL_SERVER_ERROR';

/** Builds a failure's extensions: its code, and what is known about its source and remedy. */
function toExtensions(failure: Failure): Record<string, unknown> {
  const { provider, ledger, retryAfterSeconds, limit } = failure.details;
  return {
    code: failure.code,
    ...limit,
    ...(provider === undefined ? {} : { provider }),
    ...(ledger === undefined ? {} : { ledger }),
    retryable: isRetryable(failure),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

function isRetryable({ code, details }: Failure): boolean {
  return details.retryable ?? codeRules[code].retryable;
}

/**
 * HTTP status of an answer without data because of an error: 503 if a provider could not be read and a retry may succeed,
 * 502 if it may not, 500 for a bug here. Null for a mistake of the caller: the status depends on the media type.
 */
export function statusWithoutData(error: unknown): 500 | 502 | 503 | null {
  const failure = failureBehind(error);
  if (failure === null) return codeOf(error) === internalCode ? 500 : null;
  if (!failure.code.startsWith('UPSTREAM_')) return null;
  return isRetryable(failure) ? 503 : 502;
}

/** Finds the failure behind an error of an answer; null when the cause was something else. */
export function failureBehind(error: unknown): Failure | null {
  const original = unwrapResolverError(error);
  if (original instanceof Failure) return original;
  // Found before execution, so without a path: `unwrapResolverError` unwraps only errors that have one.
  if (original instanceof GraphQLError && original.originalError instanceof Failure) {
    return original.originalError;
  }
  return tokenLimitFailure(original);
}

/** Whether operators should see an error: unknown errors always, failures according to their code. */
export function isLogged(error: unknown): boolean {
  const failure = failureBehind(error);
  return failure === null ? codeOf(error) === internalCode : codeRules[failure.code].logged;
}

/**
 * Formats an error for callers. A failure keeps its own message. Errors that GraphQL found in the request keep their
 * codes. Anything else becomes `Internal error`, because its text might reveal something.
 */
export function toFormattedError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { message, extensions, ...place } = formatted;
  const failure = failureBehind(error);
  if (failure !== null) return { message: failure.message, ...place, extensions: toExtensions(failure) };
  const code = codeOf(error);
  if (code === internalCode) {
    return { message: 'Internal error', ...place, extensions: { code, retryable: false } };
  }
  const literal = error instanceof GraphQLError ? badBuiltInLiteral(error) : null;
  return { message: readable(literal ?? message, error), ...place, extensions: { code } };
}

// A message may quote what the caller sent; all of it is not needed back.
const messageLengthMax = 500;
/** The message with which graphql-js stops comparing fields of the same name. */
const comparedTooMuch = 'Validation aborted.';

function readable(message: string, error: unknown): string {
  if (isStackOverflow(error)) return 'Syntax Error: The document nests too deeply to be read.';
  if (message === comparedTooMuch) {
    return 'The document selects the same fields so often that it is not checked to the end. Select each field once.';
  }
  return message.length <= messageLengthMax ? message : `${message.slice(0, messageLengthMax)}...`;
}

/** The parser recurses for each nesting level and does not limit the depth. */
function isStackOverflow(error: unknown): boolean {
  if (error instanceof RangeError) return true;
  return error instanceof GraphQLError && isStackOverflow(error.originalError);
}

function codeOf(error: unknown): string {
  if (!(error instanceof GraphQLError)) return internalCode;
  if (isBadArgument(error)) return 'BAD_USER_INPUT';
  const { code } = error.extensions;
  // Errors about the request as a whole: an unknown hash, an operation type that is not served.
  const isAboutRequest = error.path === undefined && error.originalError === undefined;
  if (code === undefined && isAboutRequest) return 'BAD_REQUEST';
  return typeof code === 'string' && (error.path === undefined || error.originalError === undefined)
    ? code
    : internalCode;
}

/**
 * Recognises a value that a scalar refused during validation, or an argument that graphql-js refused during execution
 * (those errors carry no code).
 */
function isBadArgument(error: GraphQLError): boolean {
  const source = error.originalError instanceof GraphQLError ? error.originalError : error;
  if (source.extensions.code === 'BAD_USER_INPUT' || badBuiltInLiteral(source) !== null) return true;
  const isUncoded = source.extensions.code === undefined && source.originalError === undefined;
  return error.path !== undefined && isUncoded && source.message.startsWith('Argument "');
}
