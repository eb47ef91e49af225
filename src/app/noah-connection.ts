import type { NoahSource } from '../config/noah-source.ts';
import { createNoah, type NoahConfig } from '../providers/noah/index.ts';
import { type Connection, nothingToClose } from './connection.ts';

/** Connects to NOAH, or to an embedded sandbox that it starts. */
export async function openNoah(source: NoahSource): Promise<Connection> {
  if (source.mode === 'embedded') return openEmbedded();
  const { baseUrl, environment, apiKey, signingKeyPem } = source;
  return toConnection({ baseUrl, environment, apiKey, signingKeyPem }, nothingToClose);
}

async function openEmbedded(): Promise<Connection> {
  // Loaded only when needed, to keep other starts fast.
  const { startNoahSandbox } = await import('../sandbox/noah/index.ts');
  const { baseUrl, apiKey, signingKeyPem, close } = await startNoahSandbox();
  return toConnection({ baseUrl, apiKey, signingKeyPem, environment: 'EMBEDDED' }, close);
}

function toConnection(adapter: NoahConfig, close: () => Promise<void>): Connection {
  return {
    code: 'NOAH',
    // Without the signing key, because the embedded sandbox makes a new one at every start.
    credentials: [adapter.apiKey],
    createProvider: (parts) => createNoah(adapter, parts),
    close,
  };
}
