import { hkdfSync } from 'node:crypto';
import type { ProviderCode } from '../domain/vocabulary.ts';

/** The parts of a provider's credentials, in a fixed order. */
export type CredentialParts = readonly (string | null)[];

/** Length of the cursor key. */
const keyBytes = 32;

/**
 * Derives the key that protects cursors: from `CURSOR_SECRET` if it is set, else from the credentials in use, so that
 * replicas with the same configuration accept each other's cursors. HKDF-SHA-256 keeps the source secret.
 */
export function deriveCursorKey(
  cursorSecret: string | null,
  credentials: readonly (readonly [ProviderCode, CredentialParts])[],
): Uint8Array {
  // JSON separates the parts, so that "a" and "bc" differ from "ab" and "c".
  const source = cursorSecret ?? JSON.stringify(credentials);
  return new Uint8Array(hkdfSync('sha256', source, '', 'balances-gateway cursor v1', keyBytes));
}
