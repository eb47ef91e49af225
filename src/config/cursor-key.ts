import { hkdfSync } from 'node:crypto';
import { type UqpayCredentials, uqpayLines } from './config.ts';

/** Length of the key that seals cursors. */
const keyBytes = 32;

/**
 * The key that seals cursors: from `CURSOR_SECRET` where it is set, else from the credentials in use, so that
 * replicas with the same configuration open each other's cursors. HKDF-SHA-256: the key tells nothing about its
 * source.
 */
export function deriveCursorKey(cursorSecret: string | null, credentials: UqpayCredentials): Uint8Array {
  const source = cursorSecret ?? credentialsText(credentials);
  return new Uint8Array(hkdfSync('sha256', source, '', 'balances-gateway cursor v1', keyBytes));
}

// JSON keeps the parts apart: "a" and "bc" never read like "ab" and "c".
function credentialsText(credentials: UqpayCredentials): string {
  const parts = uqpayLines.map((line) => {
    const credential = credentials[line];
    return credential === undefined ? null : [credential.clientId, credential.apiKey];
  });
  return JSON.stringify(parts);
}
