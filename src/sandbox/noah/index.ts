import { generateKeyPairSync } from 'node:crypto';
import { CallLog } from '../shared/call-log.ts';
import { answerControl } from '../shared/control-http.ts';
import { createFaultBox } from '../shared/faults.ts';
import { startServer } from '../shared/server.ts';
import { systemTimer } from '../shared/timer.ts';
import { createActivity } from './activity.ts';
import { Api } from './api.ts';
import { defaultBehaviour, withBehaviour } from './behaviour.ts';
import { controlOperations, createControl, logCall, type NoahCall, type NoahControl } from './control.ts';
import { errorAnswer } from './errors.ts';
import { demoApiKey, type NoahSandboxOptions } from './options.ts';
import { fillDemo } from './seed.ts';
import { SignatureChecker } from './signatures.ts';
import { Store } from './store.ts';
import { Webhooks } from './webhooks.ts';

export type { Fault } from '../shared/faults.ts';
export type { NoahBehaviour } from './behaviour.ts';
export type { NoahCall, NoahControl, NoahWebhookTarget } from './control.ts';
export { demoApiKey, type NoahSandboxOptions } from './options.ts';
export type * from './records.ts';

/** A running NOAH sandbox. */
export interface NoahSandbox {
  /** With `/v1`, as the gateway expects it: `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Private key (PKCS #8 PEM) created at start; null if the options set a public key, or set it to null. */
  readonly signingKeyPem: string | null;
  /** Public key (SPKI PEM) of webhooks, created at start. */
  readonly webhookPublicKeyPem: string;
  readonly control: NoahControl;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server that implements the documented part of NOAH's Business API over invented data. Throws
 * RangeError for an invalid option; rejects if the port is not available.
 */
export async function startNoahSandbox(options: NoahSandboxOptions = {}): Promise<NoahSandbox> {
  const { now = Date.now, timer = systemTimer, apiKey = demoApiKey } = options;
  const { publicKeyPem, signingKeyPem } =
    options.publicKeyPem === undefined
      ? createKeyPair()
      : { publicKeyPem: options.publicKeyPem, signingKeyPem: null };
  const store = new Store(withBehaviour(defaultBehaviour, options.behaviour ?? {}));
  if ((options.seed ?? 'demo') === 'demo') fillDemo(store, now());
  const api = new Api(store, now, apiKey, publicKeyPem === null ? null : new SignatureChecker(publicKeyPem));
  const webhookKeys = createKeyPair();
  const webhooks = new Webhooks(webhookKeys.signingKeyPem, now, timer);
  const parts = {
    ...{ api, webhooks },
    ...{ faults: createFaultBox(errorAnswer), calls: new CallLog<NoahCall>(), latency: { ms: 0 } },
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
  return {
    baseUrl: `${server.origin}/v1`,
    apiKey,
    signingKeyPem,
    webhookPublicKeyPem: webhookKeys.publicKeyPem,
    control,
    close() {
      control.setActivity(false);
      webhooks.close();
      return server.close();
    },
  };
}

/** Created at every start: a private key in the sources would not be secret. */
function createKeyPair(): { publicKeyPem: string; signingKeyPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'secp384r1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKeyPem: publicKey, signingKeyPem: privateKey };
}
