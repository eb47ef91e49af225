import type { NoahBehaviour } from './behaviour.ts';

/** How a NOAH sandbox is started. Everything has a default. */
export interface NoahSandboxOptions {
  /** TCP port; 0 (default) takes any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** The clock, epoch milliseconds; default Date.now. Signatures, page tokens and the seed follow it. */
  now?: () => number;
  apiKey?: string;
  /**
   * The public key (PEM) that the API key was created with; null for a key without one, whose calls need no
   * signature (section 2). By default a pair is made at start.
   */
  publicKeyPem?: string | null;
  /** `demo` (default): invented rows. `empty`: none. */
  seed?: 'demo' | 'empty';
  /** Wait before every answer; default 0. */
  latencyMs?: number;
  /** Serve the control interface over HTTP under `/__control`; default false. */
  control?: boolean;
  behaviour?: Partial<NoahBehaviour>;
}

/** The sandbox's fixed API key, in the documented form `<type>_<env>_<key>`. It opens nothing but the sandbox. */
export const demoApiKey = 'apikey_sandbox_demo';
