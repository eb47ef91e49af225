import type { UqpayBehaviour } from './behaviour.ts';

/** How a UQPAY sandbox is started. Everything has a default. */
export interface UqpaySandboxOptions {
  /** TCP port; 0 (default) takes any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** The clock, epoch milliseconds; default Date.now. Token expiry, limits and the seed follow it. */
  now?: () => number;
  clientId?: string;
  apiKey?: string;
  /** `demo` (default): the big data set. `empty`: one master account and no rows. */
  seed?: 'demo' | 'empty';
  /** Wait before every answer; default 0. */
  latencyMs?: number;
  /** Authenticated calls per calendar minute (section 2.4); default 500, null is no limit. */
  rateLimitPerMinute?: number | null;
  /** Token calls per calendar minute; default 60, null is no limit. */
  tokenRateLimitPerMinute?: number | null;
  /** Whether a 429 carries `Retry-After` up to the end of the minute; default false, as documented. */
  rateLimitRetryAfter?: boolean;
  /** Default 1800 (section 1.2). */
  tokenLifetimeSeconds?: number;
  /** Serve the control interface over HTTP under `/__control`; default false. */
  control?: boolean;
  behaviour?: Partial<UqpayBehaviour>;
}

/** The sandbox's fixed credentials. They open nothing but the sandbox. */
export const demoClientId = 'uqpay-sandbox-demo-client';
export const demoApiKey = 'uqpay-sandbox-demo-key';
