import { type ExecutionResult, GraphQLError } from 'graphql';
import { Failure } from '../domain/failure.ts';
import { errorsToldMax } from './execution/index.ts';

/** A result that tells no more errors than anybody reads. */
export function withFewErrors(result: ExecutionResult): ExecutionResult {
  const { errors = [] } = result;
  if (errors.length <= errorsToldMax) return result;
  const found = `The answer has ${errors.length} errors; the first ${errorsToldMax} are told.`;
  const more = new Failure('QUERY_TOO_COMPLEX', `${found} Ask for fewer fields, or in several requests.`);
  const last = new GraphQLError(more.message, { originalError: more });
  return { ...result, errors: [...errors.slice(0, errorsToldMax), last] };
}
