import { randomBytes } from 'node:crypto';
import type { Config, WebhookSettings } from '../config/config.ts';
import { Cancellation } from '../domain/cancellation.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection, WebhookSecrets } from './connection.ts';

/** Embedded sandboxes that change by themselves and send webhooks to the gateway. */
export interface SandboxActivity {
  /** The configured secrets and keys, and those of the sandboxes. */
  readonly webhooks: WebhookSettings;
  /** Starts, with webhooks to the gateway's origin. Closing the sandboxes stops it. */
  begin(origin: string): void;
}

/** Null if no sandbox is embedded, or none should change. */
export function openSandboxActivity(
  { sandboxActivity, webhooks }: Pick<Config, 'sandboxActivity' | 'webhooks'>,
  connections: readonly Connection[],
): SandboxActivity | null {
  const sandboxes = connections.flatMap(({ embedded }) => embedded ?? []);
  if (sandboxActivity !== true || sandboxes.length === 0) return null;
  const secrets: WebhookSecrets = {
    uqpaySecret: webhooks.uqpaySecret ?? createSecret(),
    ibaneraSecret: webhooks.ibaneraSecret ?? createSecret(),
  };
  const ownKeys = sandboxes.flatMap(({ webhookPublicKeys }) => webhookPublicKeys);
  return {
    webhooks: { ...secrets, noahPublicKeys: [...webhooks.noahPublicKeys, ...ownKeys] },
    begin(origin) {
      for (const sandbox of sandboxes) sandbox.begin(origin, secrets);
    },
  };
}

/** A new one at every start: with a known one, anyone could make the gateway read. */
function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A sandbox's time, which is the gateway's. */
export function timeOf(clock: Clock) {
  return {
    now: () => clock.now(),
    timer(ms: number, run: () => void) {
      const cancelled = new Cancellation();
      clock.sleep(ms, cancelled).then(run, () => {});
      return () => cancelled.abort(null);
    },
  };
}
