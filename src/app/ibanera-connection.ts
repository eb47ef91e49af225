import type { IbaneraSource } from '../config/ibanera-source.ts';
import { createIbanera, type IbaneraConfig } from '../providers/ibanera/index.ts';
import { type Connection, nothingToClose } from './connection.ts';

/** Connects to Ibanera, or to an embedded sandbox that it starts. */
export async function openIbanera(source: IbaneraSource): Promise<Connection> {
  if (source.mode === 'embedded') return openEmbedded(source.transactions);
  const { baseUrl, environment, username, password, totpSecret, transactions } = source;
  const adapter = { baseUrl, environment, username, password, totpSecret, transactions };
  return toConnection(adapter, nothingToClose);
}

async function openEmbedded(transactions: boolean): Promise<Connection> {
  // Loaded only when needed, to keep other starts fast.
  const { startIbaneraSandbox } = await import('../sandbox/ibanera/index.ts');
  const { baseUrl, username, password, totpSecret, close } = await startIbaneraSandbox();
  const adapter = { baseUrl, username, password, totpSecret, transactions, environment: 'EMBEDDED' } as const;
  return toConnection(adapter, close);
}

function toConnection(adapter: IbaneraConfig, close: () => Promise<void>): Connection {
  const { username, password, totpSecret } = adapter;
  return {
    code: 'IBANERA',
    credentials: [username, password, totpSecret],
    createProvider: (parts) => createIbanera(adapter, parts),
    close,
  };
}
