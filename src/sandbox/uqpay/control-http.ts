import * as z from 'zod';
import { type Answer, jsonAnswer, numericError } from './answers.ts';
import type { UqpayControl } from './control.ts';

const line = z.enum(['banking', 'issuing', 'payment']);
const ledgerLine = z.enum(['banking', 'issuing']);
const record = z.record(z.string(), z.unknown());
const limit = z.int().min(0).nullable().optional();

/** One operation: the shape of its JSON body, and what it does. */
function operation<S extends z.ZodType>(body: S, run: (control: UqpayControl, input: z.infer<S>) => unknown) {
  return (control: UqpayControl, input: unknown) => run(control, body.parse(input));
}

const none = z.strictObject({});

/** The control operations, by the name in the path; only the hook is not available over HTTP. */
const operations: Readonly<Record<string, (control: UqpayControl, input: unknown) => unknown>> = {
  accounts: operation(none, (control) => control.accounts()),
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
  setActivity: operation(z.strictObject({ isOn: z.boolean() }), (control, { isOn }) =>
    control.setActivity(isOn),
  ),
  expireTokens: operation(none, (control) => control.expireTokens()),
  mintCount: operation(none, (control) => control.mintCount()),
  // The fault box parses the fault itself.
  inject: operation(
    z.strictObject({ fault: z.custom<Parameters<UqpayControl['inject']>[0]>() }),
    (control, { fault }) => control.inject(fault),
  ),
  clearFaults: operation(none, (control) => control.clearFaults()),
  setBehaviour: operation(z.strictObject({ changes: record }), (control, { changes }) =>
    control.setBehaviour(changes),
  ),
  setLatency: operation(z.strictObject({ ms: z.number() }), (control, { ms }) => control.setLatency(ms)),
  setRateLimits: operation(
    z.strictObject({ perMinute: limit, tokenPerMinute: limit, retryAfter: z.boolean().optional() }),
    (control, limits) =>
      control.setRateLimits(
        Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
      ),
  ),
  calls: operation(none, (control) => control.calls()),
  callCount: operation(none, (control) => control.callCount()),
  resetCalls: operation(none, (control) => control.resetCalls()),
};

/**
 * Runs one control operation: `POST /__control/<operation>` with the arguments by name as a JSON object, answered with
 * `{"result": ...}`; 404 for an unknown operation, 400 with the reason for invalid arguments. Requires a JSON content
 * type, so that a web page cannot post here unasked.
 */
export function answerControl(
  control: UqpayControl,
  name: string,
  contentType: string,
  body: string,
): Answer {
  const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (run === undefined) {
    return numericError(404, `no operation "${name}"; there are ${Object.keys(operations).join(', ')}`);
  }
  if (!/^application\/json\b/i.test(contentType)) {
    return numericError(400, 'POST the arguments as application/json');
  }
  try {
    const result = run(control, body === '' ? {} : JSON.parse(body));
    return jsonAnswer(200, JSON.stringify({ result: result ?? null }));
  } catch (error) {
    if (error instanceof z.ZodError) return numericError(400, z.prettifyError(error));
    if (error instanceof RangeError || error instanceof SyntaxError) return numericError(400, error.message);
    throw error;
  }
}
