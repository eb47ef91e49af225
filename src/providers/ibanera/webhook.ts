import { createHash } from 'node:crypto';
import type { WebhookVerifier } from '../../ports/webhook.ts';
import { bodyDigest, bodyObject, isSameDigest, textOf } from '../shared/webhook-proof.ts';

const digestBytes = 32;

/**
 * Verifies callbacks of Ibanera: `webhook-signature` is the SHA-256 of the body's bytes and the secret, in base64
 * (reference section 7). They carry no time; the `Id` of an event shows whether it was accepted before.
 */
export function createIbaneraWebhooks(secret: string): WebhookVerifier {
  return {
    provider: 'IBANERA',
    verify({ body, header }) {
      const given = Buffer.from(header('webhook-signature') ?? '', 'base64');
      const expected = createHash('sha256').update(body).update(secret).digest();
      if (given.length !== digestBytes || !isSameDigest(given, expected)) return null;
      // It is not documented which account an event is about.
      const notice = { provider: 'IBANERA', accounts: null, ledgers: null } as const;
      return { eventId: textOf(bodyObject(body).Id) ?? bodyDigest(body), notice };
    },
  };
}
