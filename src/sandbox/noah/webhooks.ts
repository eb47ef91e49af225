import { sign } from 'node:crypto';
import type { Timer } from '../shared/timer.ts';
import { uuidOf } from '../shared/uuid-of.ts';
import { WebhookQueue } from '../shared/webhook-queue.ts';
import type { TransactionRecord } from './records.ts';

/** The business user, who is the same in every sandbox. */
const userId = uuidOf('the business user of the NOAH sandbox');

/** Sends webhooks as NOAH does (reference section 7). Repeated attempts are not documented: there is one. */
export class Webhooks {
  readonly #privateKeyPem: string;
  readonly #now: () => number;
  readonly #queue: WebhookQueue;
  #lastVersion = 0;

  constructor(privateKeyPem: string, now: () => number, timer: Timer) {
    this.#privateKeyPem = privateKeyPem;
    this.#now = now;
    this.#queue = new WebhookQueue({ timer, retryAfterMs: () => null });
  }

  /** Throws RangeError for anything but an HTTP URL. */
  setUrl(url: string | null): void {
    this.#queue.setUrl(url);
  }

  /** The event of a transaction that was added or changed its status. */
  send(row: TransactionRecord): void {
    const nowMs = this.#now();
    // Looks like a time (reference section 7), and tells which of two events is newer.
    this.#lastVersion = Math.max(nowMs, this.#lastVersion + 1);
    const body = JSON.stringify({
      EventType: 'Transaction',
      EventVersion: this.#lastVersion,
      Occurred: new Date(nowMs).toISOString(),
      Data: row,
      UserID: userId,
    });
    this.#queue.add({
      body,
      headers: () => ({
        'webhook-signature': sign('sha384', Buffer.from(body), this.#privateKeyPem).toString('base64'),
      }),
    });
  }

  close(): void {
    this.#queue.close();
  }
}
