import { type UqpayCredentials, type UqpaySource, uqpayLines } from '../config/uqpay-source.ts';
import type { Clock } from '../ports/clock.ts';
import { createUqpay, type UqpayConfig } from '../providers/uqpay/index.ts';
import { type Connection, type EmbeddedSandbox, nothingToClose } from './connection.ts';
import { timeOf } from './sandbox-activity.ts';

/** Connects to UQPAY, or to an embedded sandbox that it starts. */
export async function openUqpay(source: UqpaySource, clock: Clock): Promise<Connection> {
  if (source.mode === 'embedded') return openEmbedded(clock);
  const { baseUrl, environment, lines } = source;
  return { ...toConnection({ baseUrl, environment, lines }, lines), embedded: null, close: nothingToClose };
}

async function openEmbedded(clock: Clock): Promise<Connection> {
  // Loaded only when needed, to keep other starts fast.
  const { startUqpaySandbox } = await import('../sandbox/uqpay/index.ts');
  const { baseUrl, clientId, apiKey, control, close } = await startUqpaySandbox(timeOf(clock));
  const credential = { clientId, apiKey };
  const lines = { banking: credential, issuing: credential, payment: credential };
  const embedded: EmbeddedSandbox = {
    webhookPublicKeys: [],
    begin(origin, { uqpaySecret: secret }) {
      control.setWebhooks({ url: `${origin}/webhooks/uqpay`, secret });
      control.setActivity(true);
    },
  };
  return { ...toConnection({ baseUrl, environment: 'EMBEDDED', lines }, lines), embedded, close };
}

function toConnection(adapter: UqpayConfig, lines: UqpayCredentials): Omit<Connection, 'embedded' | 'close'> {
  return {
    code: 'UQPAY',
    credentials: uqpayLines.flatMap((line) => [lines[line]?.clientId ?? null, lines[line]?.apiKey ?? null]),
    createProvider: (parts) => createUqpay(adapter, parts),
  };
}
