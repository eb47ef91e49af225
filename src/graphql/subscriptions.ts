import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { Failure, type FailureCode } from '../domain/failure.ts';
import type { EventStream, StreamSlot } from '../ports/event-stream.ts';
import { type GraphQLLog, toEventResult } from './apollo/answer-hooks.ts';
import { withFewErrors } from './apollo/few-errors.ts';
import { asUnavailable, httpHead } from './apollo/limits-hooks.ts';
import type { GatewayContext } from './context.ts';
import { failureBehind, statusWithoutData } from './errors.ts';
import { eventTurn } from './event-turns.ts';

/** A subscription that passed validation and the limits. */
export interface ValidatedSubscription {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly context: GatewayContext;
}

/**
 * Starts a subscription and passes its events to the stream that sends them. Resolves to null, or to the errors with
 * which it is refused; nothing is left open then.
 */
export async function beginSubscription(
  asked: ValidatedSubscription,
  log: GraphQLLog,
): Promise<ExecutionResult | null> {
  const { schema, document, context, variables, operationName } = asked;
  if (context.reserveStream === null) return { errors: [notAStream()] };
  let slot: StreamSlot | null = null;
  try {
    slot = await context.reserveStream();
    const args = {
      ...{ schema, document, contextValue: context },
      variableValues: variables ?? null,
      operationName: operationName ?? null,
    };
    const source = await createSourceEventStream(args);
    if ('errors' in source) {
      slot.release();
      return { errors: (source.errors ?? []).map(withStatus) };
    }
    if (!(Symbol.asyncIterator in source)) throw new Error('a subscription without events');
    slot.begin(toEventStream(source, asked, log));
    return null;
  } catch (error) {
    slot?.release();
    if (error instanceof Failure) return { errors: [asUnavailable(error, statusOf(error.code))] };
    throw error;
  }
}

/** The same error with the HTTP status of a subscription that it refuses. */
function withStatus(error: GraphQLError): GraphQLError {
  const status = statusWithoutData(error);
  if (status === null) return error;
  const { message, nodes = null, path = null, originalError = null } = error;
  const extensions = { ...error.extensions, http: httpHead(status, failureBehind(error)) };
  return new GraphQLError(message, { nodes, path, originalError, extensions });
}

/** Executes each event as a separate operation, with its own time limit, count of calls and empty loaders. */
function toEventStream(
  source: AsyncIterable<unknown>,
  { schema, document, variables, operationName, context: { renewed } }: ValidatedSubscription,
  log: GraphQLLog,
): EventStream {
  const events = source[Symbol.asyncIterator]();
  return {
    async next() {
      const event = await events.next();
      if (event.done === true) return null;
      await eventTurn();
      const contextValue = renewed();
      try {
        const result = await execute({
          ...{ schema, document, contextValue, rootValue: event.value },
          variableValues: variables ?? null,
          operationName: operationName ?? null,
        });
        return JSON.stringify(toEventResult(withFewErrors(result), contextValue, log));
      } finally {
        contextValue.end();
      }
    },
    end: () => void events.return?.(),
  };
}

/** Status of a subscription that gets no slot, or whose events cannot be sent. */
function statusOf(code: FailureCode): number {
  if (code === 'RATE_LIMITED') return 429;
  if (code === 'FORBIDDEN') return 403;
  return code === 'BAD_USER_INPUT' ? 422 : 503;
}

function notAStream(): GraphQLError {
  const message =
    'A subscription is answered as a stream. Send "accept: text/event-stream" or "accept: multipart/mixed;subscriptionSpec=1.0".';
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 406 } } });
}
