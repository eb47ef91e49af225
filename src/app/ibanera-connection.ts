import type { IbaneraSource } from '../config/ibanera-source.ts';
import type { Clock } from '../ports/clock.ts';
import { createIbanera, type IbaneraConfig } from '../providers/ibanera/index.ts';
import { type Connection, type EmbeddedSandbox, nothingToClose } from './connection.ts';
import { timeOf } from './sandbox-activity.ts';

/** Connects to Ibanera, or to an embedded sandbox that it starts. */
export async function openIbanera(source: IbaneraSource, clock: Clock): Promise<Connection> {
  if (source.mode === 'embedded') return openEmbedded(source.transactions, clock);
  const { baseUrl, environment, username, password, totpSecret, transactions } = source;
  const adapter = { baseUrl, environment, username, password, totpSecret, transactions };
  return { ...toConnection(adapter), embedded: null, close: nothingToClose };
}

async function openEmbedded(transactions: boolean, clock: Clock): Promise<Connection> {
  // Loaded only when needed, to keep other starts fast.
  const { startIbaneraSandbox } = await import('../sandbox/ibanera/index.ts');
  const sandbox = await startIbaneraSandbox(timeOf(clock));
  const { baseUrl, username, password, totpSecret, control, close } = sandbox;
  const adapter = { baseUrl, username, password, totpSecret, transactions, environment: 'EMBEDDED' } as const;
  const embedded: EmbeddedSandbox = {
    webhookPublicKeys: [],
    begin(origin, { ibaneraSecret: secret }) {
      control.setWebhooks({ url: `${origin}/webhooks/ibanera`, secret });
      control.setActivity(true);
    },
  };
  return { ...toConnection(adapter), embedded, close };
}

function toConnection(adapter: IbaneraConfig): Omit<Connection, 'embedded' | 'close'> {
  const { username, password, totpSecret } = adapter;
  return {
    code: 'IBANERA',
    credentials: [username, password, totpSecret],
    createProvider: (parts) => createIbanera(adapter, parts),
  };
}
