import { type ExecutionResult, GraphQLError } from 'graphql';
import { Failure } from '../../domain/failure.ts';
import { reportedErrorsMax } from '../execution/index.ts';

/** Keeps the first `reportedErrorsMax` errors of a result, and adds one that says how many there were. */
export function withFewErrors(result: ExecutionResult): ExecutionResult {
  const { errors = [] } = result;
  if (errors.length <= reportedErrorsMax) return result;
  const found = `The answer has ${errors.length} errors; the first ${reportedErrorsMax} are listed.`;
  const more = new Failure('QUERY_TOO_COMPLEX', `${found} Ask for fewer fields, or in several requests.`);
  const last = new GraphQLError(more.message, { originalError: more });
  return { ...result, errors: [...errors.slice(0, reportedErrorsMax), last] };
}
