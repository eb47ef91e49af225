import { STATUS_CODES } from 'node:http';
import { CallLog } from '../shared/call-log.ts';
import { answerControl } from '../shared/control-http.ts';
import { startServer } from '../shared/server.ts';
import { systemTimer } from '../shared/timer.ts';
import { createActivity } from './activity.ts';
import { numericError } from './answers.ts';
import { Api } from './api.ts';
import { toApiRequest } from './api-request.ts';
import { defaultBehaviour, withBehaviour } from './behaviour.ts';
import { logCall, type UqpayCall } from './call-log.ts';
import { createControl, type UqpayControl } from './control.ts';
import { controlOperations } from './control-operations.ts';
import { createUqpayFaultBox } from './faults.ts';
import { demoApiKey, demoClientId, type UqpaySandboxOptions } from './options.ts';
import { masterAccount, openDemo } from './seed/index.ts';
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
  const parts = {
    ...{ api, webhooks, faults: createUqpayFaultBox() },
    ...{ calls: new CallLog<UqpayCall>(), latency: { ms: 0 } },
  };
  const control = createControl({ ...parts, setActivity: (isOn) => activity.set(isOn) });
  const activity = createActivity({ control, webhooks, accountId: store.masterAccountId, now, timer });
  control.setLatency(options.latencyMs ?? 0);
  control.setWebhooks(options.webhooks ?? null);
  const server = await startServer(
    {
      toCall: toApiRequest,
      answer: (call) => api.answer(call),
      errorAnswer: (status) => numericError(status, STATUS_CODES[status] ?? 'error'),
      log: (call) => logCall(parts.calls, call, now()),
      faults: parts.faults,
      latency: parts.latency,
      control: options.control
        ? (name, contentType, body) => answerControl(controlOperations, control, name, contentType, body)
        : null,
    },
    options.port ?? 0,
    options.host ?? '127.0.0.1',
  );
  control.setActivity(options.activity ?? false);
  return {
    baseUrl: `${server.origin}/api`,
    clientId,
    apiKey,
    masterAccountId: store.masterAccountId,
    control,
    close() {
      control.setActivity(false);
      webhooks.close();
      return server.close();
    },
  };
}
