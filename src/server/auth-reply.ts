import { Failure, type FailureCode } from '../domain/failure.ts';
import { graphqlErrorReply, type Reply } from './reply.ts';

const realm = 'Bearer realm="balances gateway"';

const statuses: Readonly<Partial<Record<FailureCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  UPSTREAM_UNAVAILABLE: 503,
};

/**
 * What a caller is told who may not ask: 401 and 403 with the challenge of RFC 6750, 429 with the seconds to wait, 503
 * when nobody can tell now.
 * Null for any other trouble, which is a mistake of ours.
 */
export function authReply(error: unknown, hasCredential: boolean, requestId: string): Reply | null {
  if (!(error instanceof Failure)) return null;
  const status = statuses[error.code];
  if (status === undefined) return null;
  const { retryAfterSeconds } = error.details;
  if (status !== 429 || retryAfterSeconds === undefined) {
    return graphqlErrorReply(status, error.code, error.message, requestId, challenge(status, hasCredential));
  }
  const headers = { 'retry-after': String(retryAfterSeconds) };
  const details = { retryable: true, retryAfterSeconds };
  return graphqlErrorReply(status, error.code, error.message, requestId, headers, details);
}

// Without a credential the challenge carries no error code (RFC 6750 section 3.1).
function challenge(status: number, hasCredential: boolean): Readonly<Record<string, string>> {
  if (status === 503) return { 'retry-after': '5' };
  if (status === 403) return { 'www-authenticate': `${realm}, error="insufficient_scope"` };
  return { 'www-authenticate': hasCredential ? `${realm}, error="invalid_token"` : realm };
}
