import { Failure } from '../../domain/failure.ts';
import type { RequestHeaders } from './authenticator.ts';

// RFC 6750: a b64token after the scheme name, which may be in any case.
const bearer = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** Extracts the credential of `Authorization: Bearer ...`. Throws UNAUTHENTICATED. */
export function bearerToken({ authorization }: RequestHeaders): string {
  if (authorization === undefined) {
    throw new Failure('UNAUTHENTICATED', 'Send a credential in the header "Authorization: Bearer ...".');
  }
  const token = typeof authorization === 'string' ? bearer.exec(authorization)?.[1] : undefined;
  if (token === undefined)
    throw invalidCredential('The header "Authorization" must be "Bearer" and one credential.');
  return token;
}

/** Creates UNAUTHENTICATED for an invalid credential. */
export function invalidCredential(message: string, cause?: unknown): Failure {
  return new Failure('UNAUTHENTICATED', message, { cause });
}
