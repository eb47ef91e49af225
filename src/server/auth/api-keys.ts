import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../domain/caller.ts';
import type { Authenticate } from './authenticator.ts';
import { bearerToken, invalidCredential } from './credential.ts';

/** One caller with a static key; the key itself is not stored. */
export interface ApiKeyCaller {
  readonly caller: Caller;
  /** SHA-256 of the key, lower-case hex. The key is random and long, so no slower hash is needed. */
  readonly sha256: string;
}

/** Authenticates callers by static keys, in time that does not reveal how close a wrong key was. */
export function createApiKeyAuthenticator(known: readonly ApiKeyCaller[]): Authenticate {
  const digests = known.map(({ caller, sha256 }) => ({ caller, digest: Buffer.from(sha256, 'hex') }));
  return async (headers) => {
    const digest = createHash('sha256').update(bearerToken(headers)).digest();
    let found: Caller | null = null;
    // Compares all of them, even after a match.
    for (const one of digests) if (timingSafeEqual(one.digest, digest)) found = one.caller;
    if (found === null) throw invalidCredential('The API key is not one of those that may ask here.');
    return found;
  };
}
