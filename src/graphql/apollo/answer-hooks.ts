import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { failureBehind, isLogged, toFormattedError } from '../errors.ts';
import type { RequestHooks } from './request-plugin.ts';

/** The log that GraphQL writes to for operators; a pino logger fits. */
export interface GraphQLLog {
  debug(details: unknown, message?: string): void;
  info(details: unknown, message?: string): void;
  warn(details: unknown, message?: string): void;
  error(details: unknown, message?: string): void;
}

/**
 * Completes every answer: adds the errors of fields that returned data all the same, puts the request id into each
 * error, and logs what an operator should see.
 */
export function createAnswerHooks(log: GraphQLLog): RequestHooks {
  return {
    didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) report(error, contextValue.requestId, log);
    },
    willSendResponse({ response: { body }, contextValue }) {
      contextValue.end();
      if (body.kind !== 'single') return;
      const { requestId, partialErrors } = contextValue;
      const errors = [...(body.singleResult.errors ?? []), ...partialErrors.map(toFormatted)];
      if (errors.length > 0)
        body.singleResult.errors = errors.map((error) => withRequestId(error, requestId));
      for (const error of partialErrors) report(error, requestId, log);
    },
  };
}

/** Completes and logs one event of a subscription, as `createAnswerHooks` does for an answer. */
export function toEventResult(
  { errors = [], ...result }: ExecutionResult,
  { requestId, partialErrors }: Pick<GatewayContext, 'requestId' | 'partialErrors'>,
  log: GraphQLLog,
): FormattedExecutionResult {
  const all = [...errors, ...partialErrors];
  for (const error of all) report(error, requestId, log);
  if (all.length === 0) return result;
  return { errors: all.map((error) => withRequestId(toFormatted(error), requestId)), ...result };
}

function toFormatted(error: GraphQLError): GraphQLFormattedError {
  return toFormattedError(error.toJSON(), error);
}

function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

function report(error: GraphQLError, requestId: string, log: GraphQLLog): void {
  if (!isLogged(error)) return;
  const path = error.path?.join('.');
  const failure = failureBehind(error);
  if (failure === null) {
    log.error({ requestId, path, err: error.originalError ?? error }, 'unexpected error');
    return;
  }
  const { provider, ledger, upstreamStatus, upstreamHost } = failure.details;
  const place = { provider, ledger, upstreamStatus, upstreamHost };
  log.warn({ requestId, path, code: failure.code, ...place }, failure.message);
}
