import { createHmac, randomUUID } from 'node:crypto';
import type { Timer } from '../shared/timer.ts';
import { WebhookQueue } from '../shared/webhook-queue.ts';
import type { Store } from './store.ts';
import type { UqpayEvent } from './webhook-events.ts';

/** Where webhooks go. */
export interface UqpayWebhookTarget {
  readonly url: string;
  /** Signs them; null for an endpoint without one, whose webhooks are not signed (reference section 6.1). */
  readonly secret: string | null;
}

/** Attempts after the first. */
const retriesMax = 5;

/** Sends webhooks as UQPAY does (reference section 6). */
export class Webhooks {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #queue: WebhookQueue;
  #secret: string | null = null;

  constructor(store: Store, now: () => number, timer: Timer) {
    this.#store = store;
    this.#now = now;
    this.#queue = new WebhookQueue({ timer, retryAfterMs });
  }

  /** Throws RangeError for anything but an HTTP URL. */
  setTarget(target: UqpayWebhookTarget | null): void {
    this.#queue.setUrl(target?.url ?? null);
    this.#secret = target?.secret ?? null;
  }

  send(event: UqpayEvent | null): void {
    if (event === null) return;
    const { name, type, sourceId, data } = event;
    const isSwapped = this.#store.behaviour.webhookNames === 'swapped';
    const body = JSON.stringify({
      version: 'V1.6.0',
      event_name: isSwapped ? type : name,
      event_type: isSwapped ? name : type,
      event_id: randomUUID(),
      source_id: sourceId,
      data,
    });
    this.#queue.add({ body, headers: () => this.#headersOf(body) });
  }

  close(): void {
    this.#queue.close();
  }

  /** Made for each attempt: the last one comes when the time of the first is no longer accepted (300 s). */
  #headersOf(body: string): Record<string, string> {
    if (this.#secret === null) return {};
    const nowMs = this.#now();
    const isMs = this.#store.behaviour.webhookTimestamp === 'milliseconds';
    const timestamp = String(isMs ? nowMs : Math.floor(nowMs / 1000));
    const signature = createHmac('sha512', this.#secret).update(body).update(timestamp).digest('hex');
    return { 'x-wk-timestamp': timestamp, 'x-wk-signature': signature };
  }
}

function retryAfterMs(attempts: number): number | null {
  return attempts > retriesMax ? null : Math.min(900, 2 ** (attempts + 3)) * 1000;
}
