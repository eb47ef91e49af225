import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type CallLog, type LoggedCall, sortedQuery } from '../shared/call-log.ts';
import {
  type CommonControl,
  type CommonParts,
  commonOperations,
  createCommonControl,
} from '../shared/common-control.ts';
import { type ControlOperation, operation } from '../shared/control-http.ts';
import type { Fault } from '../shared/faults.ts';
import type { ReceivedCall } from '../shared/server.ts';
import type { Api } from './api.ts';
import { type IbaneraBehaviour, withBehaviour } from './behaviour.ts';
import type { Callbacks, IbaneraCallbackTarget } from './callbacks.ts';
import type { Standing } from './logins.ts';
import type { AssetAccountRecord, TransactionRecord } from './records.ts';

/** One received request, logins included. */
export interface IbaneraCall extends LoggedCall {
  /** A short hash of the bearer token, never the token; null when there was none. */
  readonly token: string | null;
  /** The `otp` header as received; null when absent. Codes work only in the sandbox. */
  readonly otp: string | null;
}

/**
 * Changes a sandbox while it runs. The next call sees each change. Unknown ids, taken ids and amounts that are not
 * decimals throw RangeError. Balances do not follow the transactions. A transaction that is inserted or gets another
 * status sends the callback that is documented for it.
 */
export interface IbaneraControl extends CommonControl<Fault, IbaneraBehaviour, IbaneraCall> {
  accounts(): readonly AssetAccountRecord[];
  /** Opens an asset account; omitted fields have defaults (USD, zero, not suppressed). */
  addAccount(account?: Partial<AssetAccountRecord>): AssetAccountRecord;
  changeAccount(id: number, fields: Partial<AssetAccountRecord>): AssetAccountRecord;
  removeAccount(id: number): void;
  /** Rows of an account, newest first. */
  transactions(accountId: number): readonly TransactionRecord[];
  /** Adds a row; every field but the account has a default (now, 10.00, completed). */
  insertTransaction(row: Partial<TransactionRecord> & { AccountsId: number }): TransactionRecord;
  /** Sets the given fields of a row, in every account that has it; returns the rows. */
  changeTransaction(id: number, fields: Partial<TransactionRecord>): readonly TransactionRecord[];
  /** Removes a row from every account that has it. */
  deleteTransaction(id: number): void;

  /** Where callbacks go from now on; null for nowhere. Throws RangeError for anything but an HTTP URL. */
  setWebhooks(target: IbaneraCallbackTarget | null): void;

  /** The code that is valid now. */
  currentCode(): string;
  /** Ends every live token. */
  expireTokens(): void;
  setTokenLifetime(seconds: number): void;
  /** Locks logins for ten minutes, as after too many refused ones. */
  lockLogins(): void;
  setStanding(standing: Standing): void;
  /** Successful logins since the start. */
  loginCount(): number;

  /** Sets a hook that runs before each call is answered, except logins; null removes it. */
  beforeEachCall(hook: ((call: ReceivedCall) => void) | null): void;
}

interface ControlParts extends CommonParts<Fault, IbaneraCall> {
  readonly api: Api;
  readonly callbacks: Callbacks;
}

/** The control of a running sandbox. */
export function createControl({ api, callbacks, ...common }: ControlParts): IbaneraControl {
  const { store, logins, now } = api;
  return {
    ...createCommonControl(common),
    accounts: () => store.accounts(),
    addAccount: (account = {}) => store.addAccount(account),
    changeAccount: (id, fields) => store.changeAccount(id, fields),
    removeAccount: (id) => store.removeAccount(id),
    transactions: (accountId) => store.transactions(accountId),
    insertTransaction: (fields) => {
      const row = store.addTransaction(fields, now());
      callbacks.sendInserted(row);
      return row;
    },
    changeTransaction: (id, fields) => {
      const rows = store.changeTransaction(id, fields);
      const hasStatus = ['bPending', 'bCompleted', 'bRejected'].some((name) => Object.hasOwn(fields, name));
      if (hasStatus) for (const row of rows) callbacks.sendStatus(row);
      return rows;
    },
    deleteTransaction: (id) => store.removeTransaction(id),
    setWebhooks: (target) => callbacks.setTarget(target),
    currentCode: () => logins.codes.codeAt(now()),
    expireTokens: () => logins.expireTokens(),
    setTokenLifetime: (seconds) => logins.setTokenLifetime(seconds),
    lockLogins: () => logins.lock(now()),
    setStanding: (standing) => {
      logins.standing = standing;
    },
    loginCount: () => logins.loginCount,
    setBehaviour: (changes) => {
      store.behaviour = withBehaviour(store.behaviour, changes);
    },
    beforeEachCall: (hook) => {
      api.beforeEachCall = hook;
    },
  };
}

/** Logs a call, with its secrets as hashes. */
export function logCall(
  calls: CallLog<IbaneraCall>,
  call: ReceivedCall,
  at: number,
): (status: number) => void {
  const { method, path, query, headers } = call;
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  return calls.open({
    ...{ method, path, query: sortedQuery(query), at },
    token: token === undefined ? null : createHash('sha256').update(token).digest('hex').slice(0, 12),
    otp: typeof headers.otp === 'string' ? headers.otp : null,
  });
}

const none = z.strictObject({});
const id = z.strictObject({ id: z.int() });
const record = z.record(z.string(), z.unknown());

/** The operations available over HTTP: the same names, and the same arguments by name. */
export const controlOperations: Readonly<Record<string, ControlOperation<IbaneraControl>>> = {
  accounts: operation(none, (control: IbaneraControl) => control.accounts()),
  addAccount: operation(z.strictObject({ account: record.optional() }), (control, input) =>
    control.addAccount(input.account),
  ),
  changeAccount: operation(z.strictObject({ id: z.int(), fields: record }), (control, input) =>
    control.changeAccount(input.id, input.fields),
  ),
  removeAccount: operation(id, (control, input) => control.removeAccount(input.id)),
  transactions: operation(z.strictObject({ accountId: z.int() }), (control, input) =>
    control.transactions(input.accountId),
  ),
  insertTransaction: operation(
    z.strictObject({ row: z.looseObject({ AccountsId: z.int() }) }),
    (control, input) => control.insertTransaction(input.row),
  ),
  changeTransaction: operation(z.strictObject({ id: z.int(), fields: record }), (control, input) =>
    control.changeTransaction(input.id, input.fields),
  ),
  deleteTransaction: operation(id, (control, input) => control.deleteTransaction(input.id)),
  setWebhooks: operation(
    z.strictObject({ target: z.strictObject({ url: z.string(), secret: z.string() }).nullable() }),
    (control, { target }) => control.setWebhooks(target),
  ),
  currentCode: operation(none, (control) => control.currentCode()),
  expireTokens: operation(none, (control) => control.expireTokens()),
  setTokenLifetime: operation(z.strictObject({ seconds: z.number() }), (control, input) =>
    control.setTokenLifetime(input.seconds),
  ),
  lockLogins: operation(none, (control) => control.lockLogins()),
  setStanding: operation(
    z.strictObject({ standing: z.enum(['open', 'suppressed', 'not-verified']) }),
    (control, input) => control.setStanding(input.standing),
  ),
  loginCount: operation(none, (control) => control.loginCount()),
  ...commonOperations,
};
