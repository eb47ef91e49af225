import type { TokenBackOff } from '../ports/token-store.ts';

/** The back-off of each credential after a refused login; bounded by the number of configured credentials. */
export interface TokenBackOffs {
  /** The last back-off of a credential, over or not; null when its last token request succeeded. */
  get(credential: string): Promise<TokenBackOff | null>;
  begin(credential: string, backOff: TokenBackOff): Promise<void>;
  /** A token request succeeded. */
  end(credential: string): Promise<void>;
}

/** Back-offs kept in this process. */
export function createTokenBackOffs(): TokenBackOffs {
  const backOffs = new Map<string, TokenBackOff>();
  return {
    get: async (credential) => backOffs.get(credential) ?? null,
    async begin(credential, backOff) {
      backOffs.set(credential, backOff);
    },
    async end(credential) {
      backOffs.delete(credential);
    },
  };
}
