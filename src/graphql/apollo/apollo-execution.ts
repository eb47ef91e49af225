import type { ApolloServerOptions, GraphQLRequestListener } from '@apollo/server';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import {
  createOperationExecutor,
  type ExecutionOptions,
  type ValidatedOperation,
} from '../execution/index.ts';
import { beginSubscription } from '../subscriptions.ts';
import type { GraphQLLog } from './answer-hooks.ts';
import { withFewErrors } from './few-errors.ts';

/** Our own execution, in the forms that Apollo Server accepts. */
export interface Execution {
  /** Hands the schema to Apollo Server, and runs the operations that `responseForOperation` leaves to it. */
  readonly gateway: NonNullable<ApolloServerOptions<GatewayContext>['gateway']>;
  /** Runs an operation. Resolves to null when Apollo Server must take the result from `gateway` instead. */
  readonly responseForOperation: NonNullable<GraphQLRequestListener<GatewayContext>['responseForOperation']>;
}

/**
 * Takes over execution alone: everything Apollo Server does before and after it (hooks, error codes, masking, statuses)
 * stays. Apollo Server's only extension point for execution is a gateway, but with a gateway it wraps each request in
 * an object with accessors of its own, and V8 then keeps the request, and everything reachable from it, until the next
 * full garbage collection (docs/performance.md). So a plugin hook runs the operation, and answers directly if the
 * result has no errors. A result with errors goes through the gateway, where Apollo Server treats errors as usual.
 */
export function createExecution(
  schema: GraphQLSchema,
  options: ExecutionOptions | undefined,
  log: GraphQLLog,
): Execution {
  const executor = createOperationExecutor(schema, options);
  const run = async (asked: ValidatedOperation): Promise<ExecutionResult> =>
    withFewErrors(await executor.execute(asked));
  return {
    gateway: {
      onSchemaLoadOrUpdate(listener) {
        listener({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      async load() {
        return {
          executor: async ({ document, request: { operationName, variables }, context }) =>
            context.executed ??
            run({ document, operationName, variables, coerced: context.variables, context }),
        };
      },
      async stop() {},
    },
    async responseForOperation({ document, operation, request, response, contextValue }) {
      // No operation has the requested name. Apollo Server reports that after it has called the executor.
      if (operation === undefined) return null;
      const { operationName, variables } = request;
      if (operation.operation === 'subscription' && contextValue.variables?.errors === undefined) {
        const asked = { schema, document, operationName, variables, context: contextValue };
        const refused = await beginSubscription(asked, log);
        // The stream's recipient sends the events in place of this answer.
        if (refused === null)
          return { http: response.http, body: { kind: 'single', singleResult: { data: {} } } };
        contextValue.executed = Promise.resolve(refused);
        return null;
      }
      contextValue.executed = run({
        document,
        operationName,
        variables,
        coerced: contextValue.variables,
        context: contextValue,
      });
      const { errors, ...result } = await contextValue.executed.catch(left);
      if (errors !== undefined) return null;
      return { http: response.http, body: { kind: 'single', singleResult: result } };
    },
  };
}

/**
 * A placeholder with errors for an execution that threw something other than a GraphQL error: Apollo Server deals with
 * it.
 */
function left(): ExecutionResult {
  return { errors: [] };
}
