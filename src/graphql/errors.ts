import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Failure, type FailureCode } from '../domain/failure.ts';

/** What a code means to callers and operators. */
interface CodeRule {
  /** Whether asking again may work, where the failure itself does not say. */
  readonly retryable: boolean;
  /** Whether an operator should see it: troubles of providers, not mistakes of callers. */
  readonly logged: boolean;
}

/** The closed table of codes: a code without an entry does not compile. */
const codeRules: Readonly<Record<FailureCode, CodeRule>> = {
  UPSTREAM_AUTH: { retryable: false, logged: true },
  UPSTREAM_FORBIDDEN: { retryable: false, logged: true },
  UPSTREAM_RATE_LIMITED: { retryable: true, logged: true },
  UPSTREAM_TIMEOUT: { retryable: true, logged: true },
  UPSTREAM_UNAVAILABLE: { retryable: true, logged: true },
  UPSTREAM_REJECTED: { retryable: false, logged: true },
  UPSTREAM_SHAPE: { retryable: false, logged: true },
  UPSTREAM_BUDGET_EXHAUSTED: { retryable: true, logged: true },
  CALLS_EXCEEDED: { retryable: false, logged: false },
  CURSOR_INVALID: { retryable: false, logged: false },
  CURSOR_FILTER_CHANGED: { retryable: false, logged: false },
  ACCOUNT_NOT_FOUND: { retryable: false, logged: false },
  ACCOUNT_OUT_OF_SCOPE: { retryable: false, logged: false },
  UNAUTHENTICATED: { retryable: false, logged: false },
  FORBIDDEN: { retryable: false, logged: false },
  BAD_USER_INPUT: { retryable: false, logged: false },
  CANCELLED: { retryable: true, logged: false },
};

const internalCode = 'INTERNAL_SERVER_ERROR';

/** Extensions of a failure: its code, and what is known of place and remedy. */
export function toExtensions(failure: Failure): Record<string, unknown> {
  const { provider, ledger, retryable, retryAfterSeconds } = failure.details;
  return {
    code: failure.code,
    ...(provider === undefined ? {} : { provider }),
    ...(ledger === undefined ? {} : { ledger }),
    retryable: retryable ?? codeRules[failure.code].retryable,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** The failure behind an error of an answer; null when something else went wrong. */
export function failureBehind(error: unknown): Failure | null {
  const original = unwrapResolverError(error);
  return original instanceof Failure ? original : null;
}

/** Whether an operator should see an error: unknown ones always, failures by their code. */
export function isLogged(error: unknown): boolean {
  const failure = failureBehind(error);
  return failure === null ? codeOf(error) === internalCode : codeRules[failure.code].logged;
}

/**
 * An error as callers see it. Failures bring their own words; what GraphQL itself found in the request keeps
 * its code; everything else is `Internal error`, because nobody knows what its text would give away.
 */
export function toFormattedError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { message, extensions, ...place } = formatted;
  const failure = failureBehind(error);
  if (failure !== null) return { message: failure.message, ...place, extensions: toExtensions(failure) };
  const code = codeOf(error);
  if (code === internalCode) {
    return { message: 'Internal error', ...place, extensions: { code, retryable: false } };
  }
  return { message, ...place, extensions: { code } };
}

function codeOf(error: unknown): string {
  if (!(error instanceof GraphQLError)) return internalCode;
  if (isBadArgument(error)) return 'BAD_USER_INPUT';
  const { code } = error.extensions;
  return typeof code === 'string' && (error.path === undefined || error.originalError === undefined)
    ? code
    : internalCode;
}

/**
 * A value that one of our scalars refused while the document was validated, or an argument that graphql-js
 * refused while executing (it gives those no code).
 */
function isBadArgument({ message, originalError, extensions }: GraphQLError): boolean {
  if (originalError instanceof GraphQLError) return originalError.extensions.code === 'BAD_USER_INPUT';
  return originalError === undefined && extensions.code === undefined && message.startsWith('Argument "');
}
