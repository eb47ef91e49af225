import { anonymous, type Caller } from '../../domain/caller.ts';
import { Failure } from '../../domain/failure.ts';
import { type ApiKeyCaller, createApiKeyAuthenticator } from './api-keys.ts';
import type { Authenticate } from './authenticator.ts';
import { createForwardedAuthenticator, type ForwardedRules } from './forwarded.ts';
import type { JwtRules } from './jwt.ts';

export type { ApiKeyCaller } from './api-keys.ts';
export type { Authenticate, RequestHeaders } from './authenticator.ts';
export { guardGuesses } from './guess-guard.ts';
export type { JwtRules } from './jwt.ts';

/** How callers are authenticated. */
export type AuthRules =
  | { readonly mode: 'none' }
  | { readonly mode: 'keys'; readonly keys: readonly ApiKeyCaller[] }
  | ({ readonly mode: 'jwt' } & JwtRules)
  | ({ readonly mode: 'forwarded' } & ForwardedRules);

/** Creates the authenticator. A caller without any scope or any account is always FORBIDDEN. */
export async function createAuthenticator(rules: AuthRules): Promise<Authenticate> {
  if (rules.mode === 'none') return async () => anonymous;
  const authenticate = await createByRules(rules);
  return async (headers, origin) => withRights(await authenticate(headers, origin));
}

async function createByRules(rules: Exclude<AuthRules, { readonly mode: 'none' }>): Promise<Authenticate> {
  if (rules.mode === 'keys') return createApiKeyAuthenticator(rules.keys);
  if (rules.mode === 'forwarded') return createForwardedAuthenticator(rules);
  // Loaded only when needed, so that other modes do not load jose at start.
  const { createJwtAuthenticator } = await import('./jwt.ts');
  return createJwtAuthenticator(rules);
}

function withRights(caller: Caller): Caller {
  if (caller.scopes.length === 0) {
    throw new Failure('FORBIDDEN', 'The credential is valid, but grants no scope of this gateway.');
  }
  if (caller.grants.length === 0) {
    throw new Failure('FORBIDDEN', 'The credential is valid, but lists no account that may be read.');
  }
  return caller;
}
