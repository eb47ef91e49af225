import type { ApolloServerOptions, GraphQLRequestListener } from '@apollo/server';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { Failure } from '../domain/failure.ts';
import type { GatewayContext } from './context.ts';
import {
  createOperationExecutor,
  type ExecutionOptions,
  errorsToldMax,
  type OperationAsked,
} from './execution/index.ts';

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
export function createExecution(schema: GraphQLSchema, options: ExecutionOptions | undefined): Execution {
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

function withFewErrors(result: ExecutionResult): ExecutionResult {
  const { errors = [] } = result;
  if (errors.length <= errorsToldMax) return result;
  const found = `The answer has ${errors.length} errors; the first ${errorsToldMax} are told.`;
  const more = new Failure('QUERY_TOO_COMPLEX', `${found} Ask for fewer fields, or in several requests.`);
  const last = new GraphQLError(more.message, { originalError: more });
  return { ...result, errors: [...errors.slice(0, errorsToldMax), last] };
}

/** Stands for a result that Apollo Server is to get as it is: an error that is none of GraphQL's. */
function left(): ExecutionResult {
  return { errors: [] };
}
