import { type KeyObject, verify } from 'node:crypto';
import type { WebhookVerifier } from '../../ports/webhook.ts';
import { bodyDigest, bodyObject, textOf } from '../shared/webhook-proof.ts';

/**
 * Verifies webhooks of NOAH: `Webhook-Signature` is ECDSA with SHA-384 over the body's bytes, DER in base64, by NOAH's
 * key for the environment (reference section 7). Several keys are accepted during a key change. No field is
 * documented as an identifier or a time of the event: type, object identifier and version distinguish events.
 */
export function createNoahWebhooks(publicKeys: readonly KeyObject[]): WebhookVerifier {
  return {
    provider: 'NOAH',
    verify({ body, header }) {
      const signature = Buffer.from(header('webhook-signature') ?? '', 'base64');
      if (signature.length === 0) return null;
      if (!publicKeys.some((key) => verify('sha384', body, key, signature))) return null;
      const notice = { provider: 'NOAH', accounts: null, ledgers: null } as const;
      return { eventId: eventIdOf(body), notice };
    },
  };
}

function eventIdOf(body: Uint8Array): string {
  const { EventType: type, EventVersion: version, Data: data } = bodyObject(body);
  const id = typeof data === 'object' && data !== null ? textOf(Reflect.get(data, 'ID')) : null;
  if (id === null || version === undefined) return bodyDigest(body);
  return JSON.stringify([type, id, version]);
}
