import type { ApolloServerOptions, GraphQLRequestListener } from '@apollo/server';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { GraphQLLog } from './answer-hooks.ts';
import type { GatewayContext } from './context.ts';
import { createOperationExecutor, type ExecutionOptions, type OperationAsked } from './execution/index.ts';
import { withFewErrors } from './few-errors.ts';
import { beginSubscription } from './subscriptions.ts';

/** Execution in our own hands, as Apollo Server takes it. */
export interface Execution {
  /** Brings the schema, and runs what the plugin left. */
  readonly gateway: NonNullable<ApolloServerOptions<GatewayContext>['gateway']>;
  /** Runs an operation; null where the gateway is to give the result. */
  readonly responseForOperation: NonNullable<GraphQLRequestListener<GatewayContext>['responseForOperation']>;
}

/**
 * Takes execution alone out of Apollo's hands: all that comes before and after (hooks, error codes, masking,
 * statuses) stays as it is. A gateway is the one door it has for that, but behind it Apollo makes each request an
 * object with accessors of its own, and V8 then keeps the request, and all it saw, until the next full garbage
 * collection (docs/performance.md). So a hook runs the operation, and gives the result to Apollo as the answer if
 * it has no errors; with errors it goes the gateway's way, where Apollo does with them what it always does.
 */
export function createExecution(
  schema: GraphQLSchema,
  options: ExecutionOptions | undefined,
  log: GraphQLLog,
): Execution {
  const executor = createOperationExecutor(schema, options);
  const run = async (asked: OperationAsked): Promise<ExecutionResult> =>
    withFewErrors(await executor.execute(asked));
  return {
    gateway: {
      onSchemaLoadOrUpdate(tell) {
        tell({ apiSchema: schema, coreSupergraphSdl: '' });
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
      // No operation of the name asked for: Apollo says so after the executor did.
      if (operation === undefined) return null;
      const { operationName, variables } = request;
      if (operation.operation === 'subscription' && contextValue.variables?.errors === undefined) {
        const asked = { schema, document, operationName, variables, context: contextValue };
        const refused = await beginSubscription(asked, log);
        // The events are sent by whoever they were handed to, in place of this answer.
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

/** Stands for a result that Apollo Server is to get as it is: an error that is none of GraphQL's. */
function left(): ExecutionResult {
  return { errors: [] };
}
