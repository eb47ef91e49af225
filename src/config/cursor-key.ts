import { hkdfSync } from 'node:crypto';
import type { Config, UqpayCredential } from './config.ts';

/** Length of the key that seals cursors. */
const keyBytes = 32;

/**
 * The key that seals cursors: from `CURSOR_SECRET` where it is set, else from the credentials, so that replicas
 * with the same configuration open each other's cursors. HKDF-SHA-256: the key tells nothing about its source.
 *
 * `embedded` is the key pair of the embedded sandbox, used when there are no others.
 */
export function deriveCursorKey(config: Config, embedded: UqpayCredential): Uint8Array {
  const source = config.cursorSecret ?? credentialsText(config, embedded);
  return new Uint8Array(hkdfSync('sha256', source, '', 'balances-gateway cursor v1', keyBytes));
}

function credentialsText({ uqpay }: Config, embedded: UqpayCredential): string {
  const { banking, issuing, payment } =
    uqpay.mode === 'remote' ? uqpay.lines : { banking: embedded, issuing: embedded, payment: embedded };
  const parts = [banking, issuing, payment].flatMap((line) => [line?.clientId ?? null, line?.apiKey ?? null]);
  return JSON.stringify(parts);
}
