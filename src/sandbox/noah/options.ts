import type { Timer } from '../shared/timer.ts';
import type { NoahBehaviour } from './behaviour.ts';
import type { NoahWebhookTarget } from './control.ts';

/** Options of a NOAH sandbox; all have defaults. */
export interface NoahSandboxOptions {
  /** TCP port; 0 (default) uses any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** The clock, epoch milliseconds; default Date.now. Signatures, page tokens and the seed follow it. */
  now?: () => number;
  /** Timer for the next change; default the system's timer. */
  timer?: Timer;
  apiKey?: string;
  /**
   * The public key (PEM) that the API key was created with; null for a key without one, whose calls need no signature
   * (section 2). By default a key pair is created at start.
   */
  publicKeyPem?: string | null;
  /** `demo` (default): invented rows. `empty`: none. */
  seed?: 'demo' | 'empty';
  /** Delay before every answer; default 0. */
  latencyMs?: number;
  /** Whether to serve the control interface over HTTP under `/__control`; default false. */
  control?: boolean;
  /** Where webhooks go; default nowhere. */
  webhooks?: NoahWebhookTarget | null;
  /** Whether the data change by themselves; default false. */
  activity?: boolean;
  behaviour?: Partial<NoahBehaviour>;
}

/** The sandbox's fixed API key, in the documented form `<type>_<env>_<key>`. It works only in the sandbox. */
export const demoApiKey = 'apikey_sandbox_demo';
