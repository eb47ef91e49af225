import type { NoahSource } from '../config/noah-source.ts';
import type { Clock } from '../ports/clock.ts';
import { createNoah, type NoahConfig } from '../providers/noah/index.ts';
import { type Connection, type EmbeddedSandbox, nothingToClose } from './connection.ts';
import { timeOf } from './sandbox-activity.ts';

/** Connects to NOAH, or to an embedded sandbox that it starts. */
export async function openNoah(source: NoahSource, clock: Clock): Promise<Connection> {
  if (source.mode === 'embedded') return openEmbedded(clock);
  const { baseUrl, environment, apiKey, signingKeyPem } = source;
  const adapter = { baseUrl, environment, apiKey, signingKeyPem };
  return { ...toConnection(adapter), embedded: null, close: nothingToClose };
}

async function openEmbedded(clock: Clock): Promise<Connection> {
  // Loaded only when needed, to keep other starts fast.
  const { startNoahSandbox } = await import('../sandbox/noah/index.ts');
  const { baseUrl, apiKey, signingKeyPem, webhookPublicKeyPem, control, close } = await startNoahSandbox(
    timeOf(clock),
  );
  const embedded: EmbeddedSandbox = {
    webhookPublicKeys: [webhookPublicKeyPem],
    begin(origin) {
      control.setWebhooks({ url: `${origin}/webhooks/noah` });
      control.setActivity(true);
    },
  };
  const adapter = { baseUrl, apiKey, signingKeyPem, environment: 'EMBEDDED' } as const;
  return { ...toConnection(adapter), embedded, close };
}

function toConnection(adapter: NoahConfig): Omit<Connection, 'embedded' | 'close'> {
  return {
    code: 'NOAH',
    // Without the signing key, because the embedded sandbox makes a new one at every start.
    credentials: [adapter.apiKey],
    createProvider: (parts) => createNoah(adapter, parts),
  };
}
