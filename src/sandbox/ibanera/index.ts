import { CallLog } from '../shared/call-log.ts';
import { answerControl } from '../shared/control-http.ts';
import { createFaultBox } from '../shared/faults.ts';
import { startServer } from '../shared/server.ts';
import { systemTimer } from '../shared/timer.ts';
import { createActivity } from './activity.ts';
import { Api, errorAnswer } from './api.ts';
import { defaultBehaviour, withBehaviour } from './behaviour.ts';
import { Callbacks } from './callbacks.ts';
import {
  controlOperations,
  createControl,
  type IbaneraCall,
  type IbaneraControl,
  logCall,
} from './control.ts';
import { Logins } from './logins.ts';
import { demoPassword, demoTotpSecret, demoUsername, type IbaneraSandboxOptions } from './options.ts';
import { fillDemo } from './seed.ts';
import { Store } from './store.ts';

export type { Fault } from '../shared/faults.ts';
export type { IbaneraBehaviour } from './behaviour.ts';
export type { IbaneraCallbackTarget } from './callbacks.ts';
export type { IbaneraCall, IbaneraControl } from './control.ts';
export {
  demoPassword,
  demoTotpSecret,
  demoUsername,
  demoWebhookSecret,
  type IbaneraSandboxOptions,
} from './options.ts';
export type * from './records.ts';

/** A running Ibanera sandbox. */
export interface IbaneraSandbox {
  /** Without a path, as the gateway expects it: `http://127.0.0.1:PORT`. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly control: IbaneraControl;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server that implements the documented part of Ibanera's Customer API over invented data. Throws
 * RangeError for an invalid option; rejects if the port is not available.
 */
export async function startIbaneraSandbox(options: IbaneraSandboxOptions = {}): Promise<IbaneraSandbox> {
  const { username = demoUsername, password = demoPassword, totpSecret = demoTotpSecret } = options;
  const { now = Date.now, timer = systemTimer, tokenLifetimeSeconds = 1_800 } = options;
  const store = new Store(withBehaviour(defaultBehaviour, options.behaviour ?? {}));
  if ((options.seed ?? 'demo') === 'demo') fillDemo(store, now());
  const logins = new Logins({ username, password, totpSecret, tokenLifetimeSeconds }, store);
  const api = new Api(store, logins, now);
  const callbacks = new Callbacks(store, timer);
  const parts = {
    ...{ api, callbacks },
    ...{ faults: createFaultBox(errorAnswer), calls: new CallLog<IbaneraCall>(), latency: { ms: 0 } },
  };
  const control = createControl({ ...parts, setActivity: (isOn) => activity.set(isOn) });
  const activity = createActivity(control, timer);
  control.setLatency(options.latencyMs ?? 0);
  control.setWebhooks(options.webhooks ?? null);
  const server = await startServer(
    {
      toCall: (received) => received,
      answer: (call) => api.answer(call),
      errorAnswer,
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
  const close = () => {
    control.setActivity(false);
    callbacks.close();
    return server.close();
  };
  return { baseUrl: server.origin, username, password, totpSecret, control, close };
}
