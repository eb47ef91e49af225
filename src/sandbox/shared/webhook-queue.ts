import type { Timer } from './timer.ts';

/** A webhook that is to be sent. */
export interface Webhook {
  readonly body: string;
  /** Headers of one attempt, the signature among them. */
  readonly headers: () => Readonly<Record<string, string>>;
}

export interface WebhookQueueOptions {
  readonly timer: Timer;
  /** How long to wait before the next attempt after `attempts` of them failed; null to give up. */
  readonly retryAfterMs: (attempts: number) => number | null;
}

interface Delivery {
  readonly webhook: Webhook;
  attempts: number;
}

/** Webhooks that wait for their turn or for another attempt, and that are being sent. Beyond it new ones are dropped. */
const heldMax = 1_000;
/** Webhooks that are sent at the same time. */
const underWayMax = 8;
/** How long a receiver may take to answer. */
const timeoutMs = 10_000;

/** Sends webhooks to one address in the background, so that a slow or unreachable receiver blocks nothing. */
export class WebhookQueue {
  readonly #options: WebhookQueueOptions;
  readonly #closed = new AbortController();
  readonly #cancels = new Set<() => void>();
  #waiting: Delivery[] = [];
  #underWayCount = 0;
  #url: string | null = null;

  constructor(options: WebhookQueueOptions) {
    this.#options = options;
  }

  /** Where webhooks go from now on; null for nowhere. Throws RangeError for anything but an HTTP URL. */
  setUrl(url: string | null): void {
    if (url !== null && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new RangeError('the URL of webhooks must begin with http:// or https://');
    }
    this.#url = url;
    if (url === null) this.#forget();
  }

  add(webhook: Webhook): void {
    const heldCount = this.#waiting.length + this.#cancels.size + this.#underWayCount;
    if (this.#url === null || this.#closed.signal.aborted || heldCount >= heldMax) return;
    this.#waiting.push({ webhook, attempts: 0 });
    this.#sendNext();
  }

  /** Gives up what has not been delivered. */
  close(): void {
    this.#closed.abort();
    this.#forget();
  }

  #forget(): void {
    this.#waiting = [];
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #sendNext(): void {
    while (this.#underWayCount < underWayMax) {
      const delivery = this.#waiting.shift();
      if (delivery === undefined || this.#url === null) return;
      this.#underWayCount += 1;
      void this.#send(delivery, this.#url).then((isTaken) => {
        this.#underWayCount -= 1;
        if (!isTaken) this.#retry(delivery);
        this.#sendNext();
      });
    }
  }

  /** Whether the receiver answered 200, which UQPAY and Ibanera document as accepted. */
  async #send(delivery: Delivery, url: string): Promise<boolean> {
    const { body, headers } = delivery.webhook;
    delivery.attempts += 1;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers() },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  #retry(delivery: Delivery): void {
    const waitMs = this.#options.retryAfterMs(delivery.attempts);
    if (waitMs === null || this.#url === null || this.#closed.signal.aborted) return;
    const cancel = this.#options.timer(waitMs, () => {
      this.#cancels.delete(cancel);
      this.#waiting.push(delivery);
      this.#sendNext();
    });
    this.#cancels.add(cancel);
  }
}
