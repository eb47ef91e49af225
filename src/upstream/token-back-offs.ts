import type { MintRest } from '../ports/token-store.ts';

/** Which credentials rest, or rested when they were last tried; there are as many as the configuration has. */
export interface MintRests {
  /** The last rest of a credential, over or not; null when its last mint brought a token. */
  get(credential: string): Promise<MintRest | null>;
  begin(credential: string, rest: MintRest): Promise<void>;
  /** A mint brought a token. */
  end(credential: string): Promise<void>;
}

/** The rests of one process. */
export function createMintRests(): MintRests {
  const rests = new Map<string, MintRest>();
  return {
    get: async (credential) => rests.get(credential) ?? null,
    async begin(credential, rest) {
      rests.set(credential, rest);
    },
    async end(credential) {
      rests.delete(credential);
    },
  };
}
