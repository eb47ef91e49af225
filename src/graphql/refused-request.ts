import type { GraphQLRequest, GraphQLRequestContext } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Failure } from '../domain/failure.ts';
import type { GatewayContext } from './context.ts';
import { toFormattedError } from './errors.ts';

/**
 * Ends a request before its document is looked at. Apollo Server has one way to do so from a plugin: a hash that nobody
 * knows. What that answers, `toRefusal` replaces.
 */
export function refuseRequest(request: GraphQLRequest): void {
  delete request.query;
  request.extensions = { persistedQuery: { version: 1, sha256Hash: 'refused' } };
}

/** Makes `failure` the answer to a request that was refused. */
export function toRefusal(
  { response }: Pick<GraphQLRequestContext<GatewayContext>, 'response'>,
  failure: Failure,
): void {
  const error = new GraphQLError(failure.message, { originalError: failure });
  response.body = { kind: 'single', singleResult: { errors: [toFormattedError(error.toJSON(), error)] } };
  response.http.status = 400;
}
