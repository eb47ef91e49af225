import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { Failure } from '../../domain/failure.ts';
import { createOperationLimiter, type QueryLimits } from '../limits/index.ts';
import { createCallsCheck } from '../plan/calls-check.ts';
import type { FieldPlans } from '../plan/planning.ts';
import type { RequestHooks, ResolvedOperation } from './request-plugin.ts';

/**
 * Refuses operations that ask for too much, before the first resolver runs, and makes expensive ones wait for capacity.
 */
export function createLimitsHooks(
  limits: QueryLimits,
  plans: FieldPlans,
  hideSuggestions: boolean,
): RequestHooks {
  const limiter = createOperationLimiter(limits, hideSuggestions);
  const checkCalls = createCallsCheck(plans);

  /** Returns the operation's cost; null when execution will refuse the operation. */
  function judge({ schema, document, operation, request, contextValue }: ResolvedOperation): number | null {
    // No operation has the requested name: execution reports that.
    if (operation === undefined) return null;
    try {
      const sent = request.variables ?? {};
      const { variables, measured, cost } = limiter.check({ schema, document, operation, variables: sent });
      contextValue.variables = variables;
      // With unusable variables, execution refuses the operation before anything is read.
      if (variables.errors !== undefined) return null;
      checkCalls({ schema, document, operation, variables: variables.values }, measured, contextValue);
      return cost;
    } catch (error) {
      if (error instanceof Failure) throw asBadRequest(error);
      // An argument is not valid: execution reports that under the field's own path.
      if (!(error instanceof GraphQLError)) throw error;
      return null;
    }
  }

  return {
    didResolveOperation(resolved) {
      const cost = judge(resolved);
      if (cost === null) return;
      return resolved.contextValue.onCost(cost)?.catch((error: unknown) => {
        throw error instanceof Failure ? asUnavailable(error) : error;
      });
    },
  };
}

/** Creates the error that refuses a request before execution. */
export function asBadRequest(failure: Failure): GraphQLError {
  return new GraphQLError(failure.message, {
    originalError: failure,
    extensions: { http: { status: 400 } },
  });
}

/** Creates the error that asks a caller to come back later. */
export function asUnavailable(failure: Failure, status = 503): GraphQLError {
  const extensions = { http: httpHead(status, failure) };
  return new GraphQLError(failure.message, { originalError: failure, extensions });
}

/** Status and headers of an answer, in the form in which Apollo Server finds them in an error's extensions. */
export function httpHead(status: number, failure: Failure | null): object {
  const retryAfterSeconds = failure?.details.retryAfterSeconds;
  const headers = new HeaderMap();
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  return { status, headers };
}
