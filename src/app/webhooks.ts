import { createPublicKey } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { RecentKeys } from '../domain/recent-keys.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  ChangeNotice,
  WebhookCount,
  WebhookOutcome,
  Webhooks,
  WebhookVerifier,
} from '../ports/webhook.ts';
import { createIbaneraWebhooks } from '../providers/ibanera/webhook.ts';
import { createNoahWebhooks } from '../providers/noah/webhook.ts';
import { createUqpayWebhooks } from '../providers/uqpay/webhook.ts';
import type { RedisParts } from './redis-parts.ts';

/** How many events are kept, and for how long: longer than a delivery with the same time is accepted. */
const eventsMax = 10_000;
const keptMs = 3_600_000;

export interface WebhooksOptions {
  readonly clock: Clock;
  /** Called once for each event, on this replica. */
  readonly onChange: (notice: ChangeNotice) => void;
  /** What replicas share; null without Redis. */
  readonly redis: Pick<RedisParts, 'takeOnce' | 'notices'> | null;
}

/** Accepts the webhooks of providers whose secret or key is configured; null when there is none. */
export function openWebhooks(
  { webhooks }: Pick<Config, 'webhooks'>,
  { clock, onChange, redis }: WebhooksOptions,
): Webhooks | null {
  const verifiers = new Map<string, WebhookVerifier>();
  const { uqpaySecret, ibaneraSecret, noahPublicKeys } = webhooks;
  if (uqpaySecret !== null) verifiers.set('uqpay', createUqpayWebhooks(uqpaySecret));
  if (ibaneraSecret !== null) verifiers.set('ibanera', createIbaneraWebhooks(ibaneraSecret));
  if (noahPublicKeys.length > 0) {
    verifiers.set('noah', createNoahWebhooks(noahPublicKeys.map((pem) => createPublicKey(pem))));
  }
  if (verifiers.size === 0) return null;
  const counts = new Map<string, { -readonly [Field in keyof WebhookCount]: WebhookCount[Field] }>();
  const taken = new RecentKeys({ max: eventsMax, keptMs });

  function count({ provider }: WebhookVerifier, outcome: WebhookOutcome): WebhookOutcome {
    const key = `${provider} ${outcome}`;
    const entry = counts.get(key) ?? { provider, outcome, count: 0 };
    entry.count += 1;
    counts.set(key, entry);
    return outcome;
  }

  return {
    take(name, sent) {
      const verifier = verifiers.get(name);
      if (verifier === undefined) return null;
      return (async () => {
        const verified = verifier.verify(sent);
        if (verified === null) return count(verifier, 'REFUSED');
        const eventKey = `${verifier.provider} ${verified.eventId}`;
        const isKnown =
          taken.has(eventKey, clock.now()) || (await redis?.takeOnce(eventKey, keptMs)) === false;
        // Added only now: if asking Redis failed, the event must be accepted when it is delivered again.
        const isNew = taken.add(eventKey, clock.now());
        if (isKnown || !isNew) return count(verifier, 'REPEATED');
        // The provider waits for an answer, not for the read.
        setImmediate(async () => {
          // First, so that the read here is not answered from one that another replica began earlier.
          await redis?.notices.publish(verified.notice);
          onChange(verified.notice);
        });
        return count(verifier, 'TAKEN');
      })();
    },
    counts: () => [...counts.values()],
  };
}
