import { anonymous, type Caller } from '../domain/caller.ts';
import { Failure } from '../domain/failure.ts';
import { type ApiKeyCaller, createApiKeyAuthenticator } from './api-keys.ts';
import type { Authenticate } from './authenticator.ts';
import { createForwardedAuthenticator, type ForwardedRules } from './forwarded.ts';
import { createJwtAuthenticator, type JwtRules } from './jwt.ts';

export type { ApiKeyCaller } from './api-keys.ts';
export type { Authenticate, RequestHeaders } from './authenticator.ts';
export { guardGuesses } from './guess-guard.ts';
export type { JwtRules } from './jwt.ts';

/** How callers are told apart. */
export type AuthRules =
  | { readonly mode: 'none' }
  | { readonly mode: 'keys'; readonly keys: readonly ApiKeyCaller[] }
  | ({ readonly mode: 'jwt' } & JwtRules)
  | ({ readonly mode: 'forwarded' } & ForwardedRules);

/** What finds out who is asking. A caller without any scope or any account is FORBIDDEN altogether. */
export function createAuthenticator(rules: AuthRules): Authenticate {
  if (rules.mode === 'none') return async () => anonymous;
  const authenticate = createByRules(rules);
  return async (headers, origin) => withRights(await authenticate(headers, origin));
}

function createByRules(rules: Exclude<AuthRules, { readonly mode: 'none' }>): Authenticate {
  if (rules.mode === 'keys') return createApiKeyAuthenticator(rules.keys);
  if (rules.mode === 'jwt') return createJwtAuthenticator(rules);
  return createForwardedAuthenticator(rules);
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
