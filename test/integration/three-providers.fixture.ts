import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type IbaneraSandboxOptions, startIbaneraSandbox } from '../../src/sandbox/ibanera/index.ts';
import { type NoahSandboxOptions, startNoahSandbox } from '../../src/sandbox/noah/index.ts';
import { startUqpaySandbox, type UqpaySandboxOptions } from '../../src/sandbox/uqpay/index.ts';
import { ask, gatewayEnvironment } from '../faults/gateway.fixture.ts';

export interface ThreeOptions {
  /** Adds to the gateway's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uqpay?: UqpaySandboxOptions;
  readonly ibanera?: IbaneraSandboxOptions;
  readonly noah?: NoahSandboxOptions;
}

export type ThreeProviders = Awaited<ReturnType<typeof startThreeProviders>>;

/**
 * A whole gateway over the sandboxes of all three providers, each its own server. By default UQPAY's is empty; the
 * others are seeded.
 */
export async function startThreeProviders({ env, uqpay, ibanera, noah }: ThreeOptions = {}) {
  const [uqpaySandbox, ibaneraSandbox, noahSandbox] = await Promise.all([
    startUqpaySandbox({ seed: 'empty', rateLimitPerMinute: null, ...uqpay }),
    startIbaneraSandbox(ibanera),
    startNoahSandbox(noah),
  ]);
  const environment = {
    ...gatewayEnvironment(uqpaySandbox),
    // A test of hundreds of pages must not wait for the next minute.
    UQPAY_RATE_LIMIT_PER_MINUTE: '10000',
    IBANERA_BASE_URL: ibaneraSandbox.baseUrl,
    IBANERA_USERNAME: ibaneraSandbox.username,
    IBANERA_PASSWORD: ibaneraSandbox.password,
    IBANERA_TOTP_SECRET: ibaneraSandbox.totpSecret,
    IBANERA_TRANSACTIONS: 'on',
    NOAH_BASE_URL: noahSandbox.baseUrl,
    NOAH_API_KEY: noahSandbox.apiKey,
    NOAH_SIGNING_KEY: noahSandbox.signingKeyPem ?? '',
    ...env,
  };
  const logged: unknown[] = [];
  const note = (...entry: unknown[]) => {
    logged.push(entry);
  };
  const logger = { debug: note, info: note, warn: note, error: note };
  const gateway = await startGateway(loadConfig(environment), { logger });
  const sandboxes = { UQPAY: uqpaySandbox, IBANERA: ibaneraSandbox, NOAH: noahSandbox };
  return {
    url: gateway.url,
    /** Starts another gateway over the same sandboxes; the caller closes it. */
    startReplica: () => startGateway(loadConfig(environment), { logger }),
    sandboxes,
    uqpay: uqpaySandbox.control,
    ibanera: ibaneraSandbox.control,
    noah: noahSandbox.control,
    ask: (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
      ask(gateway.url, query, headers, variables),
    logText: () => JSON.stringify(logged),
    /** Requests that each provider received since the last reset, without tokens and logins. */
    dataCalls: () => ({
      UQPAY: uqpaySandbox.control.calls().filter(({ path }) => !path.endsWith('/connect/token')).length,
      IBANERA: ibaneraSandbox.control.calls().filter(({ path }) => !path.endsWith('/auth/login')).length,
      NOAH: noahSandbox.control.callCount(),
    }),
    resetCalls() {
      for (const { control } of Object.values(sandboxes)) control.resetCalls();
    },
    async close() {
      await gateway.close();
      await Promise.all(Object.values(sandboxes).map((sandbox) => sandbox.close()));
    },
  };
}

/** Dollars and euros of UQPAY's master account. */
export function openUqpayBalances({ uqpay, sandboxes }: ThreeProviders): void {
  const { masterAccountId } = sandboxes.UQPAY;
  uqpay.setBalance('banking', masterAccountId, 'USD', { available_balance: '10.50' });
  uqpay.setBalance('banking', masterAccountId, 'EUR', { available_balance: '20.00' });
  uqpay.setBalance('issuing', masterAccountId, 'USD', { available_balance: '30.00' });
}
