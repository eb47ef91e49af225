import { type Answer, jsonAnswer, RefusedCall } from '../shared/answers.ts';
import { toAmountToken } from '../shared/exact-json.ts';
import type { ReceivedCall } from '../shared/server.ts';
import type { IbaneraBehaviour } from './behaviour.ts';
import { failure, refused, success } from './envelope.ts';
import type { Logins } from './logins.ts';
import { pageAnswer, readPageAsked, toDetails } from './paging.ts';
import type { AssetAccountRecord, TransactionRecord } from './records.ts';
import type { Store } from './store.ts';

/** Path of the login (reference section 2.1). */
export const loginPath = '/api/v1/public/auth/login';
const balancesPath = '/api/v1/customer/accounts/balances';
const transactionsPath = '/api/v1/customer/accounts/transactions';

/** Ibanera's API as a function from call to answer: no sockets, no faults, no delays. */
export class Api {
  readonly store: Store;
  readonly logins: Logins;
  readonly now: () => number;
  /** Called before each call is answered, except logins. */
  beforeEachCall: ((call: ReceivedCall) => void) | null = null;

  constructor(store: Store, logins: Logins, now: () => number) {
    this.store = store;
    this.logins = logins;
    this.now = now;
  }

  answer(call: ReceivedCall): Answer {
    try {
      return this.#route(call);
    } catch (error) {
      if (error instanceof RefusedCall) return error.answer;
      throw error;
    }
  }

  #route(call: ReceivedCall): Answer {
    const { method, path } = call;
    if (path === loginPath) {
      return method === 'POST' ? this.logins.login(call.body, this.now()) : failure(405, []);
    }
    if (path !== balancesPath && path !== transactionsPath) return failure(404, []);
    if (method !== 'GET') return failure(405, []);
    this.beforeEachCall?.(call);
    this.#admit(call);
    return path === balancesPath ? this.#balances(call) : this.#transactions(call);
  }

  #admit({ headers }: ReceivedCall): void {
    const token = /^Bearer ([^ ]+)$/.exec(headers.authorization ?? '')?.[1] ?? null;
    const code = typeof headers.otp === 'string' ? headers.otp : null;
    if (this.logins.admits(token, code, this.now())) return;
    throw new RefusedCall(refusalOfCalls(this.store.behaviour.refusalOfCalls));
  }

  /** Reference section 4. */
  #balances({ query }: ReceivedCall): Answer {
    const { behaviour } = this.store;
    const rows = this.store.accounts().map((account) => encodeBalance(account, behaviour.balanceIdField));
    const asked = readPageAsked(query, behaviour.pageParameterCasing);
    const isUnpaged = asked.pageNumber === null && asked.pageSize === null;
    if (isUnpaged && behaviour.balancesUnpaged === 'whole' && !behaviour.staticSamples) {
      return success(toDetails(rows, behaviour));
    }
    return pageAnswer(rows, asked, behaviour);
  }

  /** Reference section 5; the item's shape is the callback's (section 6). */
  #transactions({ query }: ReceivedCall): Answer {
    const { behaviour } = this.store;
    const accountsId = query.get('AccountsId') ?? '';
    if (accountsId === '') throw refused(400, 'AccountsId', 'Required');
    const account = /^\d{1,15}$/.test(accountsId) ? this.store.findAccount(Number(accountsId)) : undefined;
    if (account === undefined) throw refused(400, 'AccountsId', 'Invalid');
    const { refusalOfSuppressedLists } = behaviour;
    if (account.bSuppressed && refusalOfSuppressedLists !== null) {
      throw refused(refusalOfSuppressedLists, 'AccountsId', 'Invalid');
    }
    const newestFirst = this.store.transactions(behaviour.accountFilter === 'kept' ? account.id : null);
    const listed = behaviour.transactionOrder === 'newest-first' ? newestFirst : newestFirst.toReversed();
    const rows = listed.map((row) => encodeTransaction(row, behaviour));
    return pageAnswer(rows, readPageAsked(query, behaviour.pageParameterCasing), behaviour);
  }
}

function refusalOfCalls(kind: IbaneraBehaviour['refusalOfCalls']): Answer {
  const status = Number(kind.slice(0, 3));
  if (kind.endsWith('-envelope')) return failure(status, [{ fieldName: 'otp', messageCode: 'Invalid' }]);
  return { status, body: kind === '401-text' ? 'Unauthorized' : '', contentType: 'text/plain' };
}

function encodeBalance(account: AssetAccountRecord, idField: IbaneraBehaviour['balanceIdField']): string {
  const { id, asset, totalBalance, availableBalance, pendingBalance, bSuppressed } = account;
  return JSON.stringify({
    ...(idField === 'assetAccountId' ? {} : { id }),
    ...(idField === 'id' ? {} : { assetAccountId: id }),
    asset,
    totalBalance: toAmountToken(totalBalance, 'number'),
    availableBalance: toAmountToken(availableBalance, 'number'),
    pendingBalance: toAmountToken(pendingBalance, 'number'),
    bSuppressed,
  });
}

function encodeTransaction(
  { AccountsId, ...row }: TransactionRecord,
  { transactionCasing, transactionAccountField }: IbaneraBehaviour,
): string {
  const owner = transactionAccountField === 'none' ? {} : { [transactionAccountField]: AccountsId };
  const members = Object.entries({ ...row, ...owner, Amount: toAmountToken(row.Amount, 'number') });
  const toCamel = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const isCamel = transactionCasing === 'camel';
  return JSON.stringify(
    Object.fromEntries(members.map(([name, value]) => [isCamel ? toCamel(name) : name, value])),
  );
}

/** An error of any status in Ibanera's shape. */
export function errorAnswer(status: number): Answer {
  return status === 413
    ? jsonAnswer(413, '{}')
    : failure(status, [{ fieldName: 'sandbox', messageCode: 'Injected' }]);
}
