import { createHash, randomUUID } from 'node:crypto';
import { toAmountToken } from '../shared/exact-json.ts';
import type { Timer } from '../shared/timer.ts';
import { WebhookQueue } from '../shared/webhook-queue.ts';
import type { TransactionRecord } from './records.ts';
import type { Store } from './store.ts';

/** Where callbacks go, and the hash secret that proves them (reference section 7). */
export interface IbaneraCallbackTarget {
  readonly url: string;
  readonly secret: string;
}

/** Attempts go on for so long, with pauses that double from one second on. */
const retrySeconds = 2 * 3600;

/** Sends callbacks as Ibanera does (reference section 7). */
export class Callbacks {
  readonly #store: Store;
  readonly #queue: WebhookQueue;
  #secret = '';

  constructor(store: Store, timer: Timer) {
    this.#store = store;
    this.#queue = new WebhookQueue({ timer, retryAfterMs });
  }

  /** Throws RangeError for anything but an HTTP URL. */
  setTarget(target: IbaneraCallbackTarget | null): void {
    this.#queue.setUrl(target?.url ?? null);
    this.#secret = target?.secret ?? '';
  }

  sendInserted(row: TransactionRecord): void {
    const isIn = !row.Amount.startsWith('-');
    if (this.#isCrypto(row)) {
      this.#send(`CRYPTO_${isIn ? 'DEPOSIT' : 'WITHDRAWAL'}_CREATED`, toCryptoTransfer(row));
    } else if (isIn) {
      const { Id: TransactionsId, AccountsId } = row;
      this.#send('FIAT_DEPOSIT_RECEIVED', { AccountsId, TransactionsId, bFlagged: false, bReversal: false });
    } else {
      this.#send('TRANSACTION_STATUS_UPDATED', toTransaction(row));
    }
  }

  sendStatus(row: TransactionRecord): void {
    if (this.#isCrypto(row)) {
      const kind = row.Amount.startsWith('-') ? 'WITHDRAWAL' : 'DEPOSIT';
      this.#send(`CRYPTO_${kind}_UPDATED`, toCryptoTransfer(row));
    } else {
      this.#send('TRANSACTION_STATUS_UPDATED', toTransaction(row));
    }
  }

  close(): void {
    this.#queue.close();
  }

  #send(type: string, data: object): void {
    const body = JSON.stringify({ Id: randomUUID(), Type: type, Data: data });
    const encoding = this.#store.behaviour.callbackSignature;
    const headers = {
      'webhook-signature': createHash('sha256').update(body).update(this.#secret).digest(encoding),
    };
    this.#queue.add({ body, headers: () => headers });
  }

  /** ISO 4217 codes have three letters; of cryptocurrencies only those that the demo data have are known here. */
  #isCrypto({ AccountsId }: TransactionRecord): boolean {
    const asset = this.#store.findAccount(AccountsId)?.asset ?? '';
    return asset.length !== 3 || asset === 'ETH' || asset === 'BTC';
  }
}

/** A transfer of a cryptocurrency, with its status as a word (reference section 6). */
function toCryptoTransfer(row: TransactionRecord): object {
  const status = row.bRejected ? 'Failed' : row.bCompleted ? 'Completed' : 'Pending';
  return { AccountsId: row.AccountsId, TransactionsId: row.Id, Status: status };
}

/** Reference section 6. The amount is a JSON number. */
function toTransaction(row: TransactionRecord): object {
  return { ...row, Amount: toAmountToken(row.Amount, 'number') };
}

function retryAfterMs(attempts: number): number | null {
  const pausesSeconds = 2 ** attempts - 1;
  return pausesSeconds > retrySeconds ? null : 2 ** (attempts - 1) * 1000;
}
