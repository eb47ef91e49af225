import { demoWebhookSecret as demoHashSecret, startIbaneraSandbox } from './ibanera/index.ts';
import { startNoahSandbox } from './noah/index.ts';
import type { SandboxSettings } from './settings.ts';
import {
  demoWebhookSecret,
  startUqpaySandbox,
  type UqpayBehaviour,
  type UqpaySandbox,
} from './uqpay/index.ts';

/** A sandbox that people can point a client at. */
export interface ServedSandbox {
  /** Name of the provider. */
  readonly name: string;
  readonly baseUrl: string;
  /** What it has, and commands to try: lines without indentation. */
  readonly notes: readonly string[];
  /** Variables that point the gateway at it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** One server for each provider, in the order of their ports. */
const servers = [serveUqpay, serveIbanera, serveNoah];

/** Starts the sandboxes of all providers side by side; if one cannot start, none is left running. */
export async function serveSandboxes(settings: SandboxSettings): Promise<readonly ServedSandbox[]> {
  const started = await Promise.allSettled(
    servers.map((serve, index) =>
      serve({ ...settings, port: settings.port === 0 ? 0 : settings.port + index }),
    ),
  );
  const sandboxes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed === undefined) return sandboxes;
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  throw failed.reason;
}

/**
 * Where the documents and UQPAY's own newest clients disagree, the sandbox that people use follows the clients
 * (reference section 8, rows 1, 6, 8 and 11; section 2.1 for `x-client-id`). The gateway's own sandbox stays as strict
 * as the documents.
 */
const asNewestClients: Partial<UqpayBehaviour> = {
  issuingAmountsAs: 'string',
  bankingPageSizeMin: 1,
  accountsPageSizeMin: 1,
  accountsClientIdRequired: false,
  paymentIdempotencyKeyRequired: false,
};

async function serveUqpay(settings: SandboxSettings): Promise<ServedSandbox> {
  const webhooks = targetOf(settings, 'uqpay', { secret: demoWebhookSecret });
  const sandbox = await startUqpaySandbox({ ...settings, webhooks, behaviour: asNewestClients });
  const { baseUrl, clientId, apiKey, close } = sandbox;
  return {
    name: 'UQPAY',
    baseUrl,
    notes: uqpayNotes(sandbox),
    env: {
      ...{ UQPAY_BASE_URL: baseUrl, UQPAY_CLIENT_ID: clientId, UQPAY_API_KEY: apiKey },
      ...(webhooks && { UQPAY_WEBHOOK_SECRET: webhooks.secret }),
    },
    close,
  };
}

function uqpayNotes({ baseUrl, clientId, apiKey, masterAccountId, control }: UqpaySandbox): string[] {
  return [
    `${control.accounts().length - 1} sub-accounts under master account ${masterAccountId}`,
    'Request a token, then read balances (a new token ends the one before it, so not while the gateway runs):',
    `TOKEN=$(curl -s -X POST ${baseUrl}/v1/connect/token -H 'x-client-id: ${clientId}' -H 'x-api-key: ${apiKey}' | sed 's/.*"auth_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s '${baseUrl}/v1/balances?page_size=10&page_number=1' -H "x-auth-token: Bearer $TOKEN" -H 'x-client-id: ${clientId}'`,
  ];
}

async function serveIbanera(settings: SandboxSettings): Promise<ServedSandbox> {
  const webhooks = targetOf(settings, 'ibanera', { secret: demoHashSecret });
  const { baseUrl, username, password, totpSecret, control, close } = await startIbaneraSandbox({
    ...settings,
    webhooks,
  });
  const accounts = control.accounts();
  return {
    name: 'Ibanera',
    baseUrl,
    notes: [
      `${accounts.length} asset accounts: ${accounts.map(({ asset }) => asset).join(', ')}`,
      'Every call needs a one-time code of the secret below.',
    ],
    env: {
      IBANERA_BASE_URL: baseUrl,
      IBANERA_USERNAME: username,
      IBANERA_PASSWORD: password,
      IBANERA_TOTP_SECRET: totpSecret,
      IBANERA_TRANSACTIONS: 'on',
      ...(webhooks && { IBANERA_WEBHOOK_SECRET: webhooks.secret }),
    },
    close,
  };
}

async function serveNoah(settings: SandboxSettings): Promise<ServedSandbox> {
  const webhooks = targetOf(settings, 'noah', {});
  const sandbox = await startNoahSandbox({ ...settings, webhooks });
  const { baseUrl, apiKey, signingKeyPem, webhookPublicKeyPem, control, close } = sandbox;
  const balances = control.balances();
  return {
    name: 'NOAH',
    baseUrl,
    notes: [
      `${balances.length} balances: ${balances.map(({ CryptoCurrency }) => CryptoCurrency).join(', ')}`,
      'Every call needs a signature of the key below. Keys are new ones at every start.',
    ],
    env: {
      NOAH_BASE_URL: baseUrl,
      NOAH_API_KEY: apiKey,
      NOAH_SIGNING_KEY: inOneLine(signingKeyPem ?? ''),
      ...(webhooks && { NOAH_WEBHOOK_PUBLIC_KEY: inOneLine(webhookPublicKeyPem) }),
    },
    close,
  };
}

/** Where the webhooks of a provider go, with what signs them; null for nowhere. */
function targetOf<Proof>({ webhooksUrl }: SandboxSettings, name: string, proof: Proof) {
  return webhooksUrl === null ? null : { url: `${webhooksUrl}/${name}`, ...proof };
}

function inOneLine(pem: string): string {
  return pem.trim().replaceAll('\n', '\\n');
}
