import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { startUqpaySandbox, type UqpaySandboxOptions } from '../../src/sandbox/uqpay/index.ts';

/** An answer of a gateway, as a client reads it. */
export interface Answer {
  readonly data: unknown;
  readonly errors: readonly AnswerError[];
  readonly extensions: unknown;
  readonly headers: Headers;
}

export interface AnswerError {
  readonly extensions: {
    readonly code: string;
    readonly ledger?: string;
    readonly retryAfterSeconds?: number;
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

/** A gateway over an empty sandbox, each on its own socket. `env` adds to the gateway's environment. */
export async function startRig(env: Record<string, string> = {}, sandboxOptions: UqpaySandboxOptions = {}) {
  const sandbox = await startUqpaySandbox({ seed: 'empty', rateLimitPerMinute: null, ...sandboxOptions });
  const { control } = sandbox;
  const config = loadConfig({ ...gatewayEnvironment(sandbox), ...env });
  const logLines: string[] = [];
  const write = (_details: unknown, message?: string) => logLines.push(message ?? '');
  const logger = { debug() {}, info: write, warn: write, error: write };
  const gateway = await startGateway(config, { logger });
  return {
    sandbox,
    control,
    logLines,
    ask: (query: string, headers: Record<string, string> = {}, variables: object = {}) =>
      ask(gateway.url, query, headers, variables),
    /** Data calls that the sandbox received since the last reset, without token calls. */
    dataCalls: () => control.calls().filter(({ path }) => path !== '/v1/connect/token'),
    tokenCalls: () => control.calls().filter(({ path }) => path === '/v1/connect/token'),
    async close() {
      await gateway.close();
      await sandbox.close();
    },
  };
}

/** What a gateway needs to read a sandbox. */
export function gatewayEnvironment(sandbox: { baseUrl: string; clientId: string; apiKey: string }) {
  const { baseUrl, clientId, apiKey } = sandbox;
  return { UQPAY_BASE_URL: baseUrl, UQPAY_CLIENT_ID: clientId, UQPAY_API_KEY: apiKey, PORT: '0' };
}

/** Sends one operation to a gateway. */
export async function ask(
  url: string,
  query: string,
  headers: Record<string, string> = {},
  variables: object = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data = null, errors = [], extensions = null } = (await response.json()) as Partial<Answer>;
  return { data, errors, extensions, headers: response.headers };
}

/** Opens sub-accounts, each with its own dollar amount in every ledger; returns their global ids. */
export function openAccounts(control: Rig['control'], count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const { account_id } = control.addAccount({ account_name: `Account ${index}` });
    for (const line of ['banking', 'issuing', 'payment'] as const) {
      control.setBalance(line, account_id, 'USD', { available_balance: dollarsOf(index) });
    }
    return encodeAccountId({ provider: 'UQPAY', providerAccountId: account_id });
  });
}

/** The balance of the account opened as number `index`. */
export function dollarsOf(index: number): string {
  return `${index}.${String(index % 100).padStart(2, '0')}`;
}

/** The banking balances of one account. */
export function bankingBalances(accountId: string): string {
  return `{ balances(filter: { accountIds: ["${accountId}"], ledgers: [BANKING] }) {
    nodes { available { amount } asOf } asOf sources { state code }
  } }`;
}

/** The response to `bankingBalances` while nothing is wrong. */
export function wholeBalances(index: number) {
  return {
    balances: {
      nodes: [{ available: { amount: dollarsOf(index) } }],
      sources: [{ state: 'OK', code: null }],
    },
  };
}
