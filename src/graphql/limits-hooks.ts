import { GraphQLError } from 'graphql';
import { Failure } from '../domain/failure.ts';
import { createOperationLimiter, type QueryLimits } from '../limits/index.ts';
import { createPlannedCallsCheck } from './plan/index.ts';
import type { RequestHooks } from './request-plugin.ts';

/** Refuses operations that ask for too much, before the first resolver runs. */
export function createLimitsHooks(limits: QueryLimits, hideSuggestions: boolean): RequestHooks {
  const limiter = createOperationLimiter(limits, hideSuggestions);
  const checkPlannedCalls = createPlannedCallsCheck();
  return {
    didResolveOperation({ schema, document, operation, request, contextValue }) {
      // None of the name that was asked for: execution says so.
      if (operation === undefined) return;
      try {
        const sent = request.variables ?? {};
        const { variables, alike } = limiter.check({ schema, document, operation, variables: sent });
        contextValue.variables = variables;
        // What execution refuses, it refuses before anything is read.
        if (variables.errors !== undefined) return;
        checkPlannedCalls({ schema, document, operation, variables: variables.values }, alike, contextValue);
      } catch (error) {
        if (error instanceof Failure) throw asBadRequest(error);
        // An argument that cannot be read: execution says so, under the field's own path.
        if (!(error instanceof GraphQLError)) throw error;
      }
    },
  };
}

/** The error that refuses a request before execution. */
export function asBadRequest(failure: Failure): GraphQLError {
  return new GraphQLError(failure.message, {
    originalError: failure,
    extensions: { http: { status: 400 } },
  });
}
