import type { RequestOrigin } from '../../src/domain/ip-address.ts';
import {
  type Authenticate,
  type AuthRules,
  createAuthenticator,
  type RequestHeaders,
} from '../../src/server/auth/index.ts';

/** This machine. */
export const here: RequestOrigin = originAt('127.0.0.1');

/** A caller without a proxy. */
export function originAt(address: string): RequestOrigin {
  return { peer: address, client: address, isClientKnown: true };
}

/** An authenticator for requests from this machine. */
export function createAuthenticatorHere(
  rules: AuthRules,
): (headers: RequestHeaders) => ReturnType<Authenticate> {
  const created = createAuthenticator(rules);
  return async (headers) => (await created)(headers, here);
}
