import type { Timer } from '../shared/timer.ts';
import type { IbaneraBehaviour } from './behaviour.ts';
import type { IbaneraCallbackTarget } from './callbacks.ts';

/** Options of an Ibanera sandbox; all have defaults. */
export interface IbaneraSandboxOptions {
  /** TCP port; 0 (default) uses any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** The clock, epoch milliseconds; default Date.now. Codes, token expiry and the seed follow it. */
  now?: () => number;
  /** Timer for the next change and the next attempt of a callback; default the system's timer. */
  timer?: Timer;
  username?: string;
  password?: string;
  /** Base32. */
  totpSecret?: string;
  /** `demo` (default): invented accounts. `empty`: none. */
  seed?: 'demo' | 'empty';
  /** Delay before every answer; default 0. */
  latencyMs?: number;
  /** Default 1800. */
  tokenLifetimeSeconds?: number;
  /** Whether to serve the control interface over HTTP under `/__control`; default false. */
  control?: boolean;
  /** Where callbacks go; default nowhere. */
  webhooks?: IbaneraCallbackTarget | null;
  /** Whether the data change by themselves; default false. */
  activity?: boolean;
  behaviour?: Partial<IbaneraBehaviour>;
}

/** The sandbox's fixed credentials. They work only in the sandbox. */
export const demoUsername = 'ibanera-sandbox-demo-user';
export const demoPassword = 'ibanera-sandbox-demo-password';
export const demoTotpSecret = 'ONQW4ZDCN54GIZLNN5ZWKY3SMV2A====';
export const demoWebhookSecret = 'ibanera-sandbox-demo-hash-secret';
