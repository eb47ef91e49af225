import { type Answer, jsonAnswer, RefusedCall } from '../shared/answers.ts';
import type { ReceivedCall } from '../shared/server.ts';
import { errorBody, refused } from './errors.ts';
import { pageAnswer } from './paging.ts';
import type { SignatureChecker } from './signatures.ts';
import type { Store } from './store.ts';

const transactionPath = /^\/v1\/transactions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** NOAH's Business API as a function from call to answer: no sockets, no faults, no delays. */
export class Api {
  readonly store: Store;
  readonly now: () => number;
  apiKey: string;
  readonly #signatures: SignatureChecker | null;
  /** Called before each call is answered. */
  beforeEachCall: ((call: ReceivedCall) => void) | null = null;

  /** `signatures` is null for an API key without a public key, whose calls are not signed (reference section 2). */
  constructor(store: Store, now: () => number, apiKey: string, signatures: SignatureChecker | null) {
    this.store = store;
    this.now = now;
    this.apiKey = apiKey;
    this.#signatures = signatures;
  }

  answer(call: ReceivedCall): Answer {
    try {
      this.beforeEachCall?.(call);
      return this.#route(call);
    } catch (error) {
      if (!(error instanceof RefusedCall)) throw error;
      return this.store.behaviour.errorBodies ? error.answer : { ...error.answer, body: '{}' };
    }
  }

  #route(call: ReceivedCall): Answer {
    const { method, path, query, headers } = call;
    if (headers['x-api-key'] !== this.apiKey) throw refused(401, 'Unauthorized', 'X-Api-Key');
    // Browsers always send their origin; NOAH refuses them (reference section 2).
    if (headers.origin !== undefined) throw refused(401, 'Unauthorized', 'called from a browser');
    this.#signatures?.check(call, this.now(), this.store.behaviour);
    const transactionId = transactionPath.exec(path)?.[1];
    const isKnown = path === '/v1/balances' || path === '/v1/transactions' || transactionId !== undefined;
    if (!isKnown || method !== 'GET') return errorBody(404, 'ResourceNotFound', 'no such route');
    if (path === '/v1/balances') return this.#balances(query);
    return transactionId === undefined ? this.#transactions(query) : this.#transaction(transactionId);
  }

  /** Reference section 3. */
  #balances(query: URLSearchParams): Answer {
    const rows = this.store.balances();
    const list = {
      name: 'balances',
      rows,
      idOf: (row: (typeof rows)[number]) => `${row.AccountType} ${row.CryptoCurrency}`,
    };
    return pageAnswer(list, query, this.store.behaviour, this.now());
  }

  /** Reference section 4. */
  #transactions(query: URLSearchParams): Answer {
    const direction = query.get('SortDirection') ?? 'DESC';
    if (direction !== 'ASC' && direction !== 'DESC') throw refused(400, 'InvalidMessage', 'SortDirection');
    const newestFirst = this.store.transactions();
    const rows = direction === 'DESC' ? newestFirst : newestFirst.toReversed();
    const list = { name: 'transactions', rows, idOf: ({ ID }: (typeof rows)[number]) => ID };
    return pageAnswer(list, query, this.store.behaviour, this.now());
  }

  #transaction(id: string): Answer {
    const row = this.store.findTransaction(id.toLowerCase());
    if (row === undefined) throw refused(404, 'ResourceNotFound', 'TransactionID');
    return jsonAnswer(200, JSON.stringify(row));
  }
}
