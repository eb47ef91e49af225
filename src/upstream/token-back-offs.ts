import type { TokenBackOff } from '../ports/token-store.ts';

/** Which credentials rest, or rested when they were last tried; there are as many as the configuration has. */
export interface TokenBackOffs {
  /** The last rest of a credential, over or not; null when its last mint brought a token. */
  get(credential: string): Promise<TokenBackOff | null>;
  begin(credential: string, backOff: TokenBackOff): Promise<void>;
  /** A mint brought a token. */
  end(credential: string): Promise<void>;
}

/** The rests of one process. */
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
