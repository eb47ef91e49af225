import type { Timer } from '../shared/timer.ts';
import type { UqpayBehaviour } from './behaviour.ts';
import type { UqpayWebhookTarget } from './webhooks.ts';

/** Options of a UQPAY sandbox; all have defaults. */
export interface UqpaySandboxOptions {
  /** TCP port; 0 (default) uses any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** The clock, epoch milliseconds; default Date.now. Token expiry, limits and the seed follow it. */
  now?: () => number;
  /** What waits for the next change and the next attempt of a webhook; default the system's timer. */
  timer?: Timer;
  clientId?: string;
  apiKey?: string;
  /** `demo` (default): the large data set. `empty`: one master account and no rows. */
  seed?: 'demo' | 'empty';
  /** Delay before every answer; default 0. */
  latencyMs?: number;
  /** Authenticated calls per calendar minute (section 2.4); default 500, null for no limit. */
  rateLimitPerMinute?: number | null;
  /** Token calls per calendar minute; default 60, null for no limit. */
  tokenRateLimitPerMinute?: number | null;
  /** Whether a 429 has a `Retry-After` up to the end of the minute; default false, as documented. */
  rateLimitRetryAfter?: boolean;
  /** Default 1800 (section 1.2). */
  tokenLifetimeSeconds?: number;
  /** Whether to serve the control interface over HTTP under `/__control`; default false. */
  control?: boolean;
  /** Where webhooks go; default nowhere. */
  webhooks?: UqpayWebhookTarget | null;
  /** Whether the data change by themselves; default false. */
  activity?: boolean;
  behaviour?: Partial<UqpayBehaviour>;
}

/** The sandbox's fixed credentials. They work only in the sandbox. */
export const demoClientId = 'uqpay-sandbox-demo-client';
export const demoApiKey = 'uqpay-sandbox-demo-key';
export const demoWebhookSecret = 'uqpay-sandbox-demo-webhook-secret';
