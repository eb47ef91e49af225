import type { Mint, TokenVault, VaultToken } from '../ports/token-store.ts';
import { createMinter, type MinterOptions } from './token-issuer.ts';

/** A vault for one process. Holds one token for each credential it was asked about. */
export function createMemoryTokenVault(options: MinterOptions): TokenVault {
  const mintToken = createMinter(options);
  const tokens = new Map<string, VaultToken>();
  const flights = new Map<string, Promise<VaultToken>>();

  async function mintInto(credential: string, mint: Mint) {
    try {
      const token = await mintToken(credential, mint);
      tokens.set(credential, token);
      return token;
    } finally {
      flights.delete(credential);
    }
  }

  return {
    get: (credential) => tokens.get(credential) ?? null,
    replace(credential, replaced, mint) {
      const running = flights.get(credential);
      if (running !== undefined) return running;
      const current = tokens.get(credential);
      if (current !== undefined && current.text !== replaced?.text) return Promise.resolve(current);
      const flight = mintInto(credential, mint);
      flights.set(credential, flight);
      return flight;
    },
  };
}
