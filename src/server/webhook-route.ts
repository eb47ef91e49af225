import type { Admission } from '../ports/admission.ts';
import type { Webhooks } from '../ports/webhook.ts';
import { type Exchange, methodNotAllowed, type Refusal, sendRefusal, sendReply, textReply } from './reply.ts';
import { BodyCutShort, BodyRefused, bodyRefusal, readBodyBytes } from './request-body.ts';
import { whenClosed } from './signal-of-caller.ts';

/** What the webhook route needs. */
export interface WebhookRoute {
  readonly webhooks: Webhooks;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export const webhookPrefix = '/webhooks/';

/** Largest webhook body; a longer one gets 413. */
const bodyBytesMax = 65_536;

/**
 * Answers `POST /webhooks/{provider}`. Accepts what its provider has signed, and answers before anything is read. The
 * signature covers the body's bytes, so nothing parses them first.
 */
export async function answerWebhook(
  exchange: Exchange,
  path: string,
  { webhooks, now }: WebhookRoute,
  admission: Pick<Admission, 'holdBody'>,
): Promise<void> {
  const { request, sentHeaders } = exchange;
  if (request.method !== 'POST') return sendRefusal(exchange, otherMethod);
  try {
    const body = await readBodyBytes(request, bodyBytesMax, (byteCount) => {
      // Senders are not authenticated yet, so all share one part of the memory for bodies.
      const release = admission.holdBody('webhooks', byteCount);
      if (release !== null) whenClosed(exchange.response, release);
      return release !== null;
    });
    const header = (name: string) => {
      const value = sentHeaders[name];
      return typeof value === 'string' ? value : null;
    };
    const taking = webhooks.take(path.slice(webhookPrefix.length), { body, header, nowMs: now() });
    if (taking === null) return sendRefusal(exchange, noSuchProvider);
    const outcome = await taking;
    if (outcome === 'REFUSED') sendRefusal(exchange, notProven);
    else sendReply(exchange, textReply(200, 'ok\n'));
  } catch (error) {
    if (error instanceof BodyCutShort) return;
    if (!(error instanceof BodyRefused)) throw error;
    sendRefusal(exchange, bodyRefusal(error));
  }
}

const otherMethod = methodNotAllowed('POST', 'Webhooks are sent with POST.');

const noSuchProvider: Refusal = {
  status: 404,
  code: 'BAD_REQUEST',
  message: 'No webhooks are accepted here: set the secret or the key of the provider (docs/live.md).',
};

const notProven: Refusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: 'The signature is missing, wrong or too old.',
};
