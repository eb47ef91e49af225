import { GraphQLError } from 'graphql';
import { Failure } from '../domain/failure.ts';
import { createOperationLimiter, type QueryLimits } from '../limits/index.ts';
import { createPlannedCallsCheck } from './plan/index.ts';
import type { RequestHooks } from './request-plugin.ts';

/** Refuses operations that ask for too much, before the first resolver runs. */
export function createLimitsHooks(limits: QueryLimits): RequestHooks {
  const limiter = createOperationLimiter(limits);
  const checkPlannedCalls = createPlannedCallsCheck();
  return {
    didResolveOperation({ schema, document, operation, request, contextValue }) {
      try {
        // No operation of the name asked for: execution says so.
        const asked = operation ?? null;
        const variables = request.variables ?? {};
        const alike = limiter.check({ schema, document, operation: asked, variables });
        if (asked === null) return;
        checkPlannedCalls({ schema, document, operation: asked, variables }, alike, contextValue);
      } catch (error) {
        if (error instanceof Failure) throw asBadRequest(error);
        // An argument that cannot be read: execution says so, under the field's own path.
        if (!(error instanceof GraphQLError)) throw error;
      }
    },
  };
}

function asBadRequest(failure: Failure): GraphQLError {
  return new GraphQLError(failure.message, {
    originalError: failure,
    extensions: { http: { status: 400 } },
  });
}
