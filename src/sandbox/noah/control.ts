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
import { type NoahBehaviour, withBehaviour } from './behaviour.ts';
import type { BalanceRecord, TransactionRecord } from './records.ts';
import type { Webhooks } from './webhooks.ts';

/** One received request. */
export interface NoahCall extends LoggedCall {
  /** A short hash of the signature, never the signature; null when there was none. */
  readonly signature: string | null;
}

/**
 * Changes a sandbox while it runs. The next call sees each change; balances do not follow the transactions. A transaction
 * that is inserted or gets another status sends a webhook.
 */
export interface NoahControl extends CommonControl<Fault, NoahBehaviour, NoahCall> {
  balances(): readonly BalanceRecord[];
  /** Sets the given fields; a new balance has zeros in the others. */
  setBalance(currency: string, fields?: Partial<BalanceRecord>): BalanceRecord;
  removeBalance(currency: string): void;
  /** Newest first. */
  transactions(): readonly TransactionRecord[];
  /** Adds a row; omitted fields have defaults (now, settled, into USDC_TEST, without an amount). */
  insertTransaction(row?: Partial<TransactionRecord>): TransactionRecord;
  changeTransaction(id: string, fields: Partial<TransactionRecord>): TransactionRecord;
  deleteTransaction(id: string): void;
  /** Where webhooks go from now on; null for nowhere. Throws RangeError for anything but an HTTP URL. */
  setWebhooks(target: NoahWebhookTarget | null): void;
  /** Changes the API key, as a rotation does. */
  setApiKey(apiKey: string): void;

  /** Sets a hook that runs before each call is answered; null removes it. */
  beforeEachCall(hook: ((call: ReceivedCall) => void) | null): void;
}

/** Where webhooks go. They are signed with the sandbox's own key. */
export interface NoahWebhookTarget {
  readonly url: string;
}

interface ControlParts extends CommonParts<Fault, NoahCall> {
  readonly api: Api;
  readonly webhooks: Webhooks;
}

/** The control of a running sandbox. */
export function createControl({ api, webhooks, ...common }: ControlParts): NoahControl {
  const { store, now } = api;
  return {
    ...createCommonControl(common),
    balances: () => store.balances(),
    setBalance: (currency, fields = {}) => store.setBalance(currency, fields),
    removeBalance: (currency) => store.removeBalance(currency),
    transactions: () => store.transactions(),
    insertTransaction: (fields = {}) => {
      const row = store.addTransaction(fields, now());
      webhooks.send(row);
      return row;
    },
    changeTransaction: (id, fields) => {
      const before = store.findTransaction(id)?.Status;
      const row = store.changeTransaction(id, fields);
      if (row.Status !== before) webhooks.send(row);
      return row;
    },
    deleteTransaction: (id) => store.removeTransaction(id),
    setWebhooks: (target) => webhooks.setUrl(target?.url ?? null),
    setApiKey: (apiKey) => {
      api.apiKey = apiKey;
    },
    setBehaviour: (changes) => {
      store.behaviour = withBehaviour(store.behaviour, changes);
    },
    beforeEachCall: (hook) => {
      api.beforeEachCall = hook;
    },
  };
}

/** Logs a call, with its signature as a hash. */
export function logCall(calls: CallLog<NoahCall>, call: ReceivedCall, at: number): (status: number) => void {
  const { method, path, query, headers } = call;
  const jwt = headers['api-signature'];
  const signature =
    typeof jwt === 'string' ? createHash('sha256').update(jwt).digest('hex').slice(0, 12) : null;
  return calls.open({ method, path, query: sortedQuery(query), at, signature });
}

const none = z.strictObject({});
const id = z.strictObject({ id: z.string() });
const record = z.record(z.string(), z.unknown());

/** The operations available over HTTP: the same names, and the same arguments by name. */
export const controlOperations: Readonly<Record<string, ControlOperation<NoahControl>>> = {
  balances: operation(none, (control: NoahControl) => control.balances()),
  setBalance: operation(
    z.strictObject({ currency: z.string(), fields: record.optional() }),
    (control, { currency, fields }) => control.setBalance(currency, fields),
  ),
  removeBalance: operation(z.strictObject({ currency: z.string() }), (control, { currency }) =>
    control.removeBalance(currency),
  ),
  transactions: operation(none, (control) => control.transactions()),
  insertTransaction: operation(z.strictObject({ row: record.optional() }), (control, { row }) =>
    control.insertTransaction(row),
  ),
  changeTransaction: operation(z.strictObject({ id: z.string(), fields: record }), (control, input) =>
    control.changeTransaction(input.id, input.fields),
  ),
  deleteTransaction: operation(id, (control, input) => control.deleteTransaction(input.id)),
  setWebhooks: operation(
    z.strictObject({ target: z.strictObject({ url: z.string() }).nullable() }),
    (control, { target }) => control.setWebhooks(target),
  ),
  setApiKey: operation(z.strictObject({ apiKey: z.string() }), (control, { apiKey }) =>
    control.setApiKey(apiKey),
  ),
  ...commonOperations,
};
