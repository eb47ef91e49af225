import type { GraphQLRequest, GraphQLRequestContext } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Failure } from '../../domain/failure.ts';
import type { GatewayContext } from '../context.ts';
import { toFormattedError } from '../errors.ts';

/**
 * Stops a request before its document is read. A plugin of Apollo Server can do so only through an unknown
 * persisted-query hash; `toRefusal` replaces the resulting answer.
 */
export function refuseRequest(request: GraphQLRequest): void {
  delete request.query;
  request.extensions = { persistedQuery: { version: 1, sha256Hash: 'refused' } };
}

/** Replaces the answer of a refused request by `failure`. */
export function toRefusal(
  { response }: Pick<GraphQLRequestContext<GatewayContext>, 'response'>,
  failure: Failure,
): void {
  const error = new GraphQLError(failure.message, { originalError: failure });
  response.body = { kind: 'single', singleResult: { errors: [toFormattedError(error.toJSON(), error)] } };
  response.http.status = 400;
}
