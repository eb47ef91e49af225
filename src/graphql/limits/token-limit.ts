import { GraphQLError } from 'graphql';
import type { Failure } from '../../domain/failure.ts';
import { tooComplex } from './query-limits.ts';

// The parser's error has no code; only its message identifies it.
const tokenLimitMessage = /Document contains more tha[nt] (\d+) tokens/;

/** Creates QUERY_TOO_COMPLEX for the error with which the parser stops at `maxTokens`; null for any other error. */
export function tokenLimitFailure(error: unknown): Failure | null {
  if (!(error instanceof GraphQLError)) return null;
  const maximum = tokenLimitMessage.exec(error.message)?.[1];
  return maximum === undefined ? null : tooComplex('tokens', Number(maximum), null);
}
