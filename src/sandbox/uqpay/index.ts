import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { systemTimer } from '../shared/timer.ts';
import { createActivity } from './activity.ts';
import { Api } from './api.ts';
import { defaultBehaviour, withBehaviour } from './behaviour.ts';
import { CallLog } from './call-log.ts';
import { createControl, type UqpayControl } from './control.ts';
import { answerControl } from './control-http.ts';
import { FaultBox } from './faults.ts';
import { demoApiKey, demoClientId, type UqpaySandboxOptions } from './options.ts';
import { masterAccount, openDemo } from './seed/index.ts';
import { createSandboxServer } from './server.ts';
import { Store } from './store.ts';
import { Webhooks } from './webhooks.ts';

export type { UqpayBehaviour } from './behaviour.ts';
export type { UqpayCall } from './call-log.ts';
export type { UqpayCallAhead, UqpayControl, UqpayRateLimits } from './control.ts';
export type { UqpayFault, UqpayFaultMatch } from './faults.ts';
export { demoApiKey, demoClientId, demoWebhookSecret, type UqpaySandboxOptions } from './options.ts';
export type * from './records.ts';
export type { UqpayWebhookTarget } from './webhooks.ts';

/** A running UQPAY sandbox. */
export interface UqpaySandbox {
  /** The API base with `/api`, as the gateway expects it: `http://127.0.0.1:PORT/api`. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly apiKey: string;
  readonly masterAccountId: string;
  readonly control: UqpayControl;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server that implements UQPAY's documented wire format over invented data. Throws RangeError for an
 * invalid option; rejects if the port is not available.
 */
export async function startUqpaySandbox(options: UqpaySandboxOptions = {}): Promise<UqpaySandbox> {
  const clientId = options.clientId ?? demoClientId;
  const apiKey = options.apiKey ?? demoApiKey;
  const now = options.now ?? Date.now;
  const host = options.host ?? '127.0.0.1';
  const store = new Store(masterAccount.account_id, withBehaviour(defaultBehaviour, options.behaviour ?? {}));
  if ((options.seed ?? 'demo') === 'demo') openDemo(store, now());
  else store.openAccount(masterAccount);

  const api = new Api(
    store,
    {
      clientId,
      apiKey,
      now,
      tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 1800,
      retryAfter: options.rateLimitRetryAfter ?? false,
    },
    {
      perMinute: options.rateLimitPerMinute === undefined ? 500 : options.rateLimitPerMinute,
      tokenPerMinute: options.tokenRateLimitPerMinute === undefined ? 60 : options.tokenRateLimitPerMinute,
    },
  );
  const timer = options.timer ?? systemTimer;
  const webhooks = new Webhooks(store, now, timer);
  const parts = { api, faults: new FaultBox(), calls: new CallLog(), latency: { ms: 0 }, webhooks };
  const control = createControl({ ...parts, setActivity: (isOn) => activity.set(isOn) });
  const activity = createActivity({ control, webhooks, accountId: store.masterAccountId, now, timer });
  control.setLatency(options.latencyMs ?? 0);
  control.setWebhooks(options.webhooks ?? null);
  const server = createSandboxServer({
    ...parts,
    control: options.control
      ? (operation, contentType, body) => answerControl(control, operation, contentType, body)
      : null,
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  control.setActivity(options.activity ?? false);
  let closed: Promise<unknown> | null = null;
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${port}/api`,
    clientId,
    apiKey,
    masterAccountId: store.masterAccountId,
    control,
    close: async () => {
      if (closed === null) {
        closed = once(server, 'close');
        control.setActivity(false);
        webhooks.close();
        server.close();
        server.closeAllConnections();
      }
      await closed;
    },
  };
}
