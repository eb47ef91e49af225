import type { AccessToken, RequestToken, TokenStore } from '../ports/token-store.ts';
import { createTokenIssuer, type TokenIssuerOptions } from './token-issuer.ts';

/** A token store for one process. Holds one token per credential. */
export function createMemoryTokenStore(options: TokenIssuerOptions): TokenStore {
  const issueToken = createTokenIssuer(options);
  const tokens = new Map<string, AccessToken>();
  const inFlight = new Map<string, Promise<AccessToken>>();

  async function issueInto(credential: string, requestToken: RequestToken) {
    try {
      const token = await issueToken(credential, requestToken);
      tokens.set(credential, token);
      return token;
    } finally {
      inFlight.delete(credential);
    }
  }

  return {
    get: (credential) => tokens.get(credential) ?? null,
    replace(credential, replaced, requestToken) {
      const running = inFlight.get(credential);
      if (running !== undefined) return running;
      const current = tokens.get(credential);
      if (current !== undefined && current.text !== replaced?.text) return Promise.resolve(current);
      const issuing = issueInto(credential, requestToken);
      inFlight.set(credential, issuing);
      return issuing;
    },
  };
}
