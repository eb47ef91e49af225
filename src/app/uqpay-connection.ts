import { type UqpayCredentials, type UqpaySource, uqpayLines } from '../config/uqpay-source.ts';
import { createUqpay, type UqpayConfig } from '../providers/uqpay/index.ts';
import { type Connection, nothingToClose } from './connection.ts';

/** Connects to UQPAY, or to an embedded sandbox that it starts. */
export async function openUqpay(source: UqpaySource): Promise<Connection> {
  if (source.mode === 'embedded') return openEmbedded();
  const { baseUrl, environment, lines } = source;
  return toConnection({ baseUrl, environment, lines }, lines, nothingToClose);
}

async function openEmbedded(): Promise<Connection> {
  // Loaded only when needed, to keep other starts fast.
  const { startUqpaySandbox } = await import('../sandbox/uqpay/index.ts');
  const { baseUrl, clientId, apiKey, close } = await startUqpaySandbox();
  const credential = { clientId, apiKey };
  const lines = { banking: credential, issuing: credential, payment: credential };
  return toConnection({ baseUrl, environment: 'EMBEDDED', lines }, lines, close);
}

function toConnection(adapter: UqpayConfig, lines: UqpayCredentials, close: () => Promise<void>): Connection {
  return {
    code: 'UQPAY',
    credentials: uqpayLines.flatMap((line) => [lines[line]?.clientId ?? null, lines[line]?.apiKey ?? null]),
    createProvider: (parts) => createUqpay(adapter, parts),
    close,
  };
}
