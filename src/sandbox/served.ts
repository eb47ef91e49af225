import { startIbaneraSandbox } from './ibanera/index.ts';
import { startNoahSandbox } from './noah/index.ts';
import type { SandboxSettings } from './settings.ts';
import { startUqpaySandbox, type UqpaySandbox } from './uqpay/index.ts';

/** A sandbox that people point a client at. */
export interface ServedSandbox {
  /** Name of the provider. */
  readonly name: string;
  readonly baseUrl: string;
  /** What is there, and commands to try: lines without indentation. */
  readonly notes: readonly string[];
  /** Variables that point the gateway at it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts the sandboxes of all providers side by side; when one cannot start, none is left running. */
export async function serveSandboxes(settings: SandboxSettings): Promise<readonly ServedSandbox[]> {
  const started = await Promise.allSettled([
    serveUqpay(settings),
    serveIbanera(settings),
    serveNoah(settings),
  ]);
  const sandboxes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed === undefined) return sandboxes;
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  throw failed.reason;
}

async function serveUqpay({ uqpay, ...common }: SandboxSettings): Promise<ServedSandbox> {
  const sandbox = await startUqpaySandbox({ ...common, ...uqpay });
  const { baseUrl, clientId, apiKey, close } = sandbox;
  return {
    name: 'UQPAY',
    baseUrl,
    notes: uqpayNotes(sandbox),
    env: { UQPAY_BASE_URL: baseUrl, UQPAY_CLIENT_ID: clientId, UQPAY_API_KEY: apiKey },
    close,
  };
}

function uqpayNotes({ baseUrl, clientId, apiKey, masterAccountId, control }: UqpaySandbox): string[] {
  return [
    `${control.accounts().length - 1} sub-accounts under master account ${masterAccountId}`,
    'Mint a token, then read balances (a new token ends the one before it, so not while the gateway runs):',
    `TOKEN=$(curl -s -X POST ${baseUrl}/v1/connect/token -H 'x-client-id: ${clientId}' -H 'x-api-key: ${apiKey}' | sed 's/.*"auth_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s '${baseUrl}/v1/balances?page_size=10&page_number=1' -H "x-auth-token: Bearer $TOKEN" -H 'x-client-id: ${clientId}'`,
  ];
}

async function serveIbanera({ ibanera, ...common }: SandboxSettings): Promise<ServedSandbox> {
  const { baseUrl, username, password, totpSecret, control, close } = await startIbaneraSandbox({
    ...common,
    ...ibanera,
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
    },
    close,
  };
}

async function serveNoah({ noah, ...common }: SandboxSettings): Promise<ServedSandbox> {
  const { baseUrl, apiKey, signingKeyPem, control, close } = await startNoahSandbox({ ...common, ...noah });
  const balances = control.balances();
  return {
    name: 'NOAH',
    baseUrl,
    notes: [
      `${balances.length} balances: ${balances.map(({ CryptoCurrency }) => CryptoCurrency).join(', ')}`,
      'Every call needs a signature of the key below, which is another one at every start.',
    ],
    env: {
      NOAH_BASE_URL: baseUrl,
      NOAH_API_KEY: apiKey,
      NOAH_SIGNING_KEY: (signingKeyPem ?? '').trim().replaceAll('\n', '\\n'),
    },
    close,
  };
}
