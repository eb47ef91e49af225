import * as z from 'zod';
import { commonOperations } from '../shared/common-control.ts';
import { type ControlOperation, operation } from '../shared/control-http.ts';
import type { UqpayControl } from './control.ts';

const line = z.enum(['banking', 'issuing', 'payment']);
const ledgerLine = z.enum(['banking', 'issuing']);
const record = z.record(z.string(), z.unknown());
const limit = z.int().min(0).nullable().optional();

const none = z.strictObject({});

/** The operations available over HTTP: the same names, and the same arguments by name. */
export const controlOperations: Readonly<Record<string, ControlOperation<UqpayControl>>> = {
  accounts: operation(none, (control: UqpayControl) => control.accounts()),
  addAccount: operation(z.strictObject({ account: record.optional() }), (control, { account }) =>
    control.addAccount(account),
  ),
  setAccountStatus: operation(
    z.strictObject({ accountId: z.string(), status: z.string() }),
    (control, { accountId, status }) => control.setAccountStatus(accountId, status),
  ),
  removeAccount: operation(z.strictObject({ accountId: z.string() }), (control, { accountId }) =>
    control.removeAccount(accountId),
  ),
  balances: operation(z.strictObject({ line, accountId: z.string() }), (control, input) =>
    control.balances(input.line, input.accountId),
  ),
  setBalance: operation(
    z.strictObject({ line, accountId: z.string(), currency: z.string(), fields: record.optional() }),
    (control, input) => control.setBalance(input.line, input.accountId, input.currency, input.fields),
  ),
  removeBalance: operation(
    z.strictObject({ line, accountId: z.string(), currency: z.string() }),
    (control, input) => control.removeBalance(input.line, input.accountId, input.currency),
  ),
  transactions: operation(z.strictObject({ line: ledgerLine, accountId: z.string() }), (control, input) =>
    control.transactions(input.line, input.accountId),
  ),
  insertTransaction: operation(
    z.strictObject({ line: ledgerLine, row: record.optional() }),
    (control, input) => control.insertTransaction(input.line, input.row),
  ),
  deleteTransaction: operation(z.strictObject({ transactionId: z.string() }), (control, input) =>
    control.deleteTransaction(input.transactionId),
  ),
  setTransactionStatus: operation(
    z.strictObject({ transactionId: z.string(), status: z.string() }),
    (control, input) => control.setTransactionStatus(input.transactionId, input.status),
  ),
  setRate: operation(
    z.strictObject({
      pair: z.string(),
      prices: z.strictObject({ buy: z.string(), sell: z.string() }).nullable(),
    }),
    (control, { pair, prices }) => control.setRate(pair, prices),
  ),
  setWebhooks: operation(
    z.strictObject({
      target: z.strictObject({ url: z.string(), secret: z.string().min(1).nullable() }).nullable(),
    }),
    (control, { target }) => control.setWebhooks(target),
  ),
  expireTokens: operation(none, (control) => control.expireTokens()),
  mintCount: operation(none, (control) => control.mintCount()),
  setRateLimits: operation(
    z.strictObject({ perMinute: limit, tokenPerMinute: limit, retryAfter: z.boolean().optional() }),
    (control, limits) =>
      control.setRateLimits(
        Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
      ),
  ),
  ...commonOperations,
};
