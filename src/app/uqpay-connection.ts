import type { UqpayCredentials, UqpaySource } from '../config/config.ts';
import type { UqpayConfig } from '../providers/uqpay/index.ts';

/** How UQPAY is reached, and how the way there is closed. */
export interface UqpayConnection {
  readonly adapter: UqpayConfig;
  readonly credentials: UqpayCredentials;
  close(): Promise<void>;
}

/** The way to UQPAY itself, or to an embedded sandbox started for it. */
export async function openUqpay(source: UqpaySource): Promise<UqpayConnection> {
  if (source.mode === 'embedded') return openEmbedded();
  const { baseUrl, environment, lines } = source;
  return { adapter: { baseUrl, environment, lines }, credentials: lines, close: async () => {} };
}

async function openEmbedded(): Promise<UqpayConnection> {
  // Loaded only when it is used: nobody with credentials pays for it at start.
  const { startUqpaySandbox } = await import('../sandbox/uqpay/index.ts');
  const { baseUrl, clientId, apiKey, close } = await startUqpaySandbox();
  const credential = { clientId, apiKey };
  const credentials = { banking: credential, issuing: credential, payment: credential };
  return { adapter: { baseUrl, environment: 'EMBEDDED', lines: credentials }, credentials, close };
}
