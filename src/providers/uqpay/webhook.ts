import { createHmac } from 'node:crypto';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { ChangeNotice, SentWebhook, WebhookVerifier } from '../../ports/webhook.ts';
import { bodyDigest, bodyObject, isSameDigest, textOf } from '../shared/webhook-proof.ts';

/** How far the time of a webhook may be from ours, in the past or in the future (reference section 6.1). */
const toleranceMs = 300_000;
/** Timestamps from here on are in milliseconds: the documentation shows seconds, but senders write milliseconds. */
const millisecondsFrom = 1e12;

/** Ledgers of events, by the beginning of their type (reference section 6.3). */
const ledgersOf: readonly (readonly [RegExp, Ledger])[] = [
  [/^(deposit|payout|conversion|transfer)\b/i, 'BANKING'],
  [/^(issuing|card)\b/i, 'ISSUING'],
  [/^acquiring\b/i, 'PAYMENT'],
];
const accountMembers = ['account_id', 'source_account_id', 'destination_account_id'];

/** Verifies webhooks of UQPAY: `x-wk-signature` is HMAC-SHA512 over the body's bytes and `x-wk-timestamp` as sent. */
export function createUqpayWebhooks(secret: string): WebhookVerifier {
  return {
    provider: 'UQPAY',
    verify(sent) {
      if (!isVerified(sent, secret)) return null;
      const event = bodyObject(sent.body);
      return { eventId: textOf(event.event_id) ?? bodyDigest(sent.body), notice: toNotice(event) };
    },
  };
}

function isVerified({ body, header, nowMs }: SentWebhook, secret: string): boolean {
  const signature = header('x-wk-signature');
  const timestamp = header('x-wk-timestamp');
  if (signature === null || timestamp === null || !/^[0-9a-f]{128}$/.test(signature)) return false;
  if (!/^\d{1,16}$/.test(timestamp)) return false;
  const expected = createHmac('sha512', secret).update(body).update(timestamp).digest();
  if (!isSameDigest(Buffer.from(signature, 'hex'), expected)) return false;
  const said = Number(timestamp);
  const saidMs = said >= millisecondsFrom ? said : said * 1_000;
  return Math.abs(nowMs - saidMs) <= toleranceMs;
}

function toNotice(event: Readonly<Record<string, unknown>>): ChangeNotice {
  // Older samples swap the two: the type is the one that contains a dot.
  const words = [textOf(event.event_type), textOf(event.event_name)].filter((word) => word !== null);
  const type = words.find((word) => word.includes('.')) ?? words[0] ?? '';
  const ledger = ledgersOf.find(([pattern]) => pattern.test(type))?.[1];
  const isObject = typeof event.data === 'object' && event.data !== null;
  const data: object = isObject ? (event.data as object) : {};
  const named = accountMembers.flatMap((name) => textOf(Reflect.get(data, name)) ?? []);
  const directId = textOf(Reflect.get(data, 'direct_id'));
  // If `direct_id` is not "0" the account is a sub-account; otherwise it is, or may be, the master account.
  const mayBeMaster = directId === null || directId === '0';
  return {
    provider: 'UQPAY',
    accounts: named.length === 0 ? null : [...named, ...(mayBeMaster ? [null] : [])],
    ledgers: ledger === undefined ? null : [ledger],
  };
}
