import { Failure, type FailureCode } from '../domain/failure.ts';
import type { Refusal } from './reply.ts';

const realm = 'Bearer realm="balances gateway"';

const statuses: Readonly<Partial<Record<FailureCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
  UPSTREAM_UNAVAILABLE: 503,
};

/** When to retry after the issuer's keys could not be read. */
const unavailableRetryAfterSeconds = 5;

/**
 * Maps an error of authentication or rate limiting to its refusal: 401 and 403 with the challenge of RFC 6750, 429 and
 * 503 (the credential cannot be checked now) with the seconds to wait. Null for any other error, which is a bug here.
 */
export function authRefusal(error: unknown, hasCredential: boolean): Refusal | null {
  if (!(error instanceof Failure)) return null;
  const { code, message, details } = error;
  const status = statuses[code];
  if (status === undefined) return null;
  const retryAfterSeconds =
    details.retryAfterSeconds ?? (status === 503 ? unavailableRetryAfterSeconds : undefined);
  return {
    ...{ status, code, message, headers: challenge(status, hasCredential) },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

// Without a credential, the challenge carries no error code (RFC 6750 section 3.1).
function challenge(status: number, hasCredential: boolean): Readonly<Record<string, string>> {
  if (status === 403) return { 'www-authenticate': `${realm}, error="insufficient_scope"` };
  if (status !== 401) return {};
  return { 'www-authenticate': hasCredential ? `${realm}, error="invalid_token"` : realm };
}
