import { anonymous, type Caller } from '../domain/caller.ts';
import { Failure } from '../domain/failure.ts';
import { type ApiKeyCaller, createApiKeyAuthenticator } from './api-keys.ts';
import type { Authenticate } from './authenticator.ts';
import { createJwtAuthenticator, type JwtRules } from './jwt.ts';

export type { ApiKeyCaller } from './api-keys.ts';
export type { Authenticate, RequestHeaders } from './authenticator.ts';
export { guardGuesses } from './guess-guard.ts';
export type { JwtRules } from './jwt.ts';

/** How callers are told apart. */
export type AuthRules =
  | { readonly mode: 'none' }
  | { readonly mode: 'keys'; readonly keys: readonly ApiKeyCaller[] }
  | ({ readonly mode: 'jwt' } & JwtRules);

/** What finds out who is asking. A caller without any scope or any account is FORBIDDEN altogether. */
export function createAuthenticator(rules: AuthRules): Authenticate {
  if (rules.mode === 'none') return async () => anonymous;
  const authenticate =
    rules.mode === 'keys' ? createApiKeyAuthenticator(rules.keys) : createJwtAuthenticator(rules);
  return async (headers, origin) => withRights(await authenticate(headers, origin));
}

function withRights(caller: Caller): Caller {
  if (caller.scopes.length === 0) {
    throw new Failure('FORBIDDEN', 'The credential is good, but grants no scope of this gateway.');
  }
  if (caller.grants.length === 0) {
    throw new Failure('FORBIDDEN', 'The credential is good, but lists no account that may be read.');
  }
  return caller;
}
