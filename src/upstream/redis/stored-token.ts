import * as z from 'zod';
import type { AccessToken } from '../../ports/token-store.ts';
import type { EncryptionKeys } from './encryption-keys.ts';

/** A token, and the fence of the lock under which it was issued. */
export interface FencedToken {
  readonly token: AccessToken;
  readonly fence: number;
}

/** How tokens are written to Redis and read from there: encrypted, under a name that is a digest. */
export interface StoredTokens {
  nameOf(credential: string): string;
  encrypt(credential: string, token: AccessToken): string;
  /** Parses the reply of `readScript`, or of a script that ends with it; null if it has no readable token. */
  parse(credential: string, reply: unknown): FencedToken | null;
}

/** A stored token. `mintedAtMs` is the name that release 0.1.0 reads and writes. */
const storedToken = z
  .strictObject({ text: z.string(), mintedAtMs: z.number(), expiresAtMs: z.number() })
  .transform(
    ({ text, mintedAtMs, expiresAtMs }): AccessToken => ({ text, issuedAtMs: mintedAtMs, expiresAtMs }),
  );

export function createStoredTokens(keysOf: (credential: string) => EncryptionKeys): StoredTokens {
  const nameOf = (credential: string) => `token:${keysOf(credential).nameOf('token')}`;
  return {
    nameOf,
    encrypt(credential, { text, issuedAtMs, expiresAtMs }) {
      const stored: z.input<typeof storedToken> = { text, mintedAtMs: issuedAtMs, expiresAtMs };
      return keysOf(credential).encrypt(nameOf(credential), JSON.stringify(stored));
    },
    parse(credential, reply) {
      const [encrypted, fence] = Array.isArray(reply) ? reply : [];
      const text =
        typeof encrypted === 'string' ? keysOf(credential).decrypt(nameOf(credential), encrypted) : null;
      const token = text === null ? undefined : storedToken.safeParse(JSON.parse(text)).data;
      return token === undefined ? null : { token, fence: Number(fence) };
    },
  };
}
