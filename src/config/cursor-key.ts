import { hkdfSync } from 'node:crypto';
import type { ProviderCode } from '../domain/vocabulary.ts';

/** What a provider's credentials are, part by part, in an order of its own. */
export type CredentialParts = readonly (string | null)[];

/** Length of the key that seals cursors. */
const keyBytes = 32;

/**
 * The key that seals cursors: from `CURSOR_SECRET` where it is set, else from the credentials in use, so that
 * replicas with the same configuration open each other's cursors. HKDF-SHA-256: the key tells nothing about its
 * source.
 */
export function deriveCursorKey(
  cursorSecret: string | null,
  credentials: readonly (readonly [ProviderCode, CredentialParts])[],
): Uint8Array {
  // JSON keeps the parts apart: "a" and "bc" never read like "ab" and "c".
  const source = cursorSecret ?? JSON.stringify(credentials);
  return new Uint8Array(hkdfSync('sha256', source, '', 'balances-gateway cursor v1', keyBytes));
}
