// Webhooks of the sandboxes, as each reference describes them, at a receiver's socket.
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type IbaneraSandbox, startIbaneraSandbox } from '../../src/sandbox/ibanera/index.ts';
import { type NoahSandbox, startNoahSandbox } from '../../src/sandbox/noah/index.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { createHeldTimer } from '../support/held-timer.ts';
import { openReceiver, type Received, type Receiver } from './receiver.fixture.ts';

const time = createHeldTimer(Date.UTC(2026, 2, 15, 4));
const secret = 'the secret of the endpoint';
let receiver: Receiver;
let uqpay: UqpaySandbox;
let ibanera: IbaneraSandbox;
let noah: NoahSandbox;

beforeAll(async () => {
  receiver = await openReceiver();
  const { url } = receiver;
  const common = { seed: 'empty', now: time.now, timer: time.timer, control: true } as const;
  uqpay = await startUqpaySandbox({ ...common, webhooks: { url, secret } });
  ibanera = await startIbaneraSandbox({ ...common, webhooks: { url, secret } });
  noah = await startNoahSandbox({ ...common, webhooks: { url } });
});
afterAll(async () => {
  for (const sandbox of [uqpay, ibanera, noah]) await sandbox.close();
  await receiver.close();
});
afterEach(() => receiver.reset());

async function only(): Promise<Received> {
  const [first] = await receiver.received(1);
  if (first === undefined) throw new Error('Nothing was received.');
  return first;
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Triggers the next retry, once the previous attempt was answered. */
async function untilRetry(): Promise<number> {
  while (time.waits().length === 0) await turn();
  const [waitMs = 0] = time.waits();
  time.advance(waitMs);
  return waitMs / 1000;
}

describe('UQPAY', () => {
  const isSigned = ({ body, headers }: Received) => {
    const text = `${body}${headers['x-wk-timestamp']}`;
    return headers['x-wk-signature'] === createHmac('sha512', secret).update(text).digest('hex');
  };

  test('a deposit of the master account: envelope, amounts as strings, signature over body and time', async () => {
    const row = uqpay.control.insertTransaction('banking', {
      ...{ amount: '12.50', currency: 'SGD', transaction_status: 'PENDING' },
    });
    const received = await only();
    expect(received.event).toEqual({
      ...{ version: 'V1.6.0', event_name: 'DEPOSIT', event_type: 'deposit.pending' },
      ...{ event_id: expect.any(String), source_id: row.reference_id },
      data: {
        ...{ account_id: uqpay.masterAccountId, direct_id: '0', deposit_id: row.reference_id },
        ...{ deposit_currency: 'SGD', deposit_amount: '12.50', deposit_status: 'Pending' },
        ...{ create_time: row.create_time, complete_time: null },
      },
    });
    expect(received.headers['x-wk-timestamp']).toBe(String(time.now()));
    expect(isSigned(received)).toBe(true);
  });

  test('the status of a sub-account’s payout is sent once, with its master as direct_id', async () => {
    const { control, masterAccountId } = uqpay;
    const { account_id } = control.addAccount();
    const { transaction_id } = control.insertTransaction('banking', {
      ...{ account_id, transaction_type: 'PAYOUT', transaction_status: 'PENDING' },
    });
    control.setTransactionStatus(transaction_id, 'COMPLETED');
    control.setTransactionStatus(transaction_id, 'COMPLETED');
    control.insertTransaction('banking', { account_id, transaction_type: 'CONVERSION' });
    const types = (await receiver.received(3)).map(({ event }) => event.event_type);
    expect(types.sort()).toEqual(['conversion.trade.settled', 'payout.completed', 'payout.ready.send']);
    expect((await only()).event.data).toMatchObject({ account_id, direct_id: masterAccountId });
  });

  test('an issuing event names a card and no account, the same card for the same balance', async () => {
    uqpay.control.setBalance('issuing', uqpay.masterAccountId, 'USD', {});
    const spend = { transaction_type: 'ISSUING_AUTHORIZATION', amount: '-1.20', ending_balance: '0' };
    uqpay.control.insertTransaction('issuing', spend);
    uqpay.control.insertTransaction('issuing', spend);
    const [one, other] = await receiver.received(2);
    const data = one?.event.data as Record<string, unknown>;
    expect(one?.event).toMatchObject({
      ...{ event_name: 'ISSUING', event_type: 'issuing.transaction.authorization' },
      data: { card_id: expect.any(String), billing_currency: 'USD', billing_amount: '-1.20' },
    });
    expect(data).not.toHaveProperty('account_id');
    expect(other?.event.data).toMatchObject({ card_id: data.card_id });
  });

  test('nothing is sent for changes without a documented event', async () => {
    const { control, masterAccountId } = uqpay;
    control.setBalance('banking', masterAccountId, 'USD', { available_balance: '5' });
    control.insertTransaction('banking', { transaction_type: 'TRANSFER' });
    const { transaction_id } = control.insertTransaction('banking', { transaction_type: 'FEE' });
    control.deleteTransaction(transaction_id);
    control.insertTransaction('banking');
    expect((await only()).event.event_type).toBe('deposit.completed');
    await turn();
    expect(await receiver.received(1)).toHaveLength(1);
  });

  test('swapped values and a timestamp in seconds, if configured; unsigned without a secret', async () => {
    const { control } = uqpay;
    control.setBehaviour({ webhookNames: 'swapped', webhookTimestamp: 'seconds' });
    control.insertTransaction('banking');
    const received = await only();
    expect(received.event).toMatchObject({ event_name: 'deposit.completed', event_type: 'DEPOSIT' });
    expect(received.headers['x-wk-timestamp']).toBe(String(Math.floor(time.now() / 1000)));
    expect(isSigned(received)).toBe(true);
    control.setBehaviour({ webhookNames: 'documented', webhookTimestamp: 'milliseconds' });
    control.setWebhooks({ url: receiver.url, secret: null });
    control.insertTransaction('banking');
    const [, unsigned] = await receiver.received(2);
    control.setWebhooks({ url: receiver.url, secret });
    expect(unsigned?.headers).not.toHaveProperty('x-wk-signature');
  });

  test('a webhook that is not answered with 200 is sent five more times, with growing delays, each with a new signature', async () => {
    receiver.answer = 500;
    uqpay.control.insertTransaction('banking');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      waits.push(await untilRetry());
      await receiver.received(attempt + 1);
    }
    await turn();
    expect(waits).toEqual([16, 32, 64, 128, 256]);
    expect(time.waits()).toEqual([]);
    const all = await receiver.received(6);
    expect(all.every(isSigned)).toBe(true);
    expect(new Set(all.map(({ event }) => event.event_id)).size).toBe(1);
    expect(new Set(all.map(({ headers }) => headers['x-wk-timestamp'])).size).toBe(6);
  });

  test('a receiver that hangs does not block the sandbox, which keeps at most 1,000 webhooks', async () => {
    receiver.answer = 'nothing';
    for (let count = 0; count < 1_200; count += 1) uqpay.control.insertTransaction('banking');
    // Eight are sent at a time.
    await receiver.received(8);
    const token = await fetch(`${uqpay.baseUrl}/v1/connect/token`, {
      method: 'POST',
      headers: { 'x-client-id': uqpay.clientId, 'x-api-key': uqpay.apiKey },
    });
    expect(token.status).toBe(200);
    const other = await openReceiver();
    uqpay.control.setWebhooks({ url: other.url, secret });
    // Those in progress are abandoned when their connections break.
    await receiver.close();
    receiver = await openReceiver();
    const taken = await other.received(992);
    await turn();
    expect(taken).toHaveLength(992);
    uqpay.control.setWebhooks(null);
    await other.close();
    uqpay.control.setWebhooks({ url: receiver.url, secret });
    for (const sandbox of [ibanera, noah]) sandbox.control.setWebhooks({ url: receiver.url, secret });
  });

  test('an address that is not HTTP is refused, over HTTP too', async () => {
    expect(() => uqpay.control.setWebhooks({ url: 'file:///etc/passwd', secret })).toThrow(RangeError);
    const response = await fetch(`${new URL(uqpay.baseUrl).origin}/__control/setWebhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target: { url: 'nowhere', secret: null } }),
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('http://')]);
  });
});

describe('Ibanera', () => {
  const isSigned = ({ body, headers }: Received, encoding: 'base64' | 'hex' = 'base64') =>
    headers['webhook-signature'] === createHash('sha256').update(`${body}${secret}`).digest(encoding);

  test('a deposit, and its status later: types, fields and the hash over body and secret', async () => {
    const { control } = ibanera;
    const { id: AccountsId } = control.addAccount({ asset: 'EUR' });
    const { Id } = control.insertTransaction({ AccountsId, Amount: '7.50', bPending: true });
    const [deposit] = await receiver.received(1);
    control.changeTransaction(Id, { bPending: false, bCompleted: true });
    const [, status] = await receiver.received(2);
    expect(deposit?.event).toEqual({
      ...{ Id: expect.any(String), Type: 'FIAT_DEPOSIT_RECEIVED' },
      Data: { AccountsId, TransactionsId: Id, bFlagged: false, bReversal: false },
    });
    expect(status?.event).toMatchObject({
      Type: 'TRANSACTION_STATUS_UPDATED',
      Data: { Id, AccountsId, Amount: 7.5, bPending: false, bCompleted: true },
    });
    expect(status?.body).toContain('"Amount":7.50,');
    expect([deposit, status].every((received) => received !== undefined && isSigned(received))).toBe(true);
  });

  test('a cryptocurrency has its own events, with the status as text', async () => {
    const { control } = ibanera;
    const { id: AccountsId } = control.addAccount({ asset: 'ETH' });
    control.setBehaviour({ callbackSignature: 'hex' });
    const { Id } = control.insertTransaction({
      AccountsId,
      Amount: '-1',
      bCompleted: false,
      bRejected: true,
    });
    const received = await only();
    control.setBehaviour({ callbackSignature: 'base64' });
    const Data = { AccountsId, TransactionsId: Id, Status: 'Failed' };
    expect(received.event).toMatchObject({ Type: 'CRYPTO_WITHDRAWAL_CREATED', Data });
    expect(isSigned(received, 'hex')).toBe(true);
  });

  test('a webhook that is not answered with 200 is retried for two hours, with doubling pauses', async () => {
    const { id: AccountsId } = ibanera.control.addAccount();
    receiver.answer = 503;
    ibanera.control.insertTransaction({ AccountsId });
    let seconds = 0;
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      expect(await untilRetry()).toBe(2 ** (attempt - 1));
      seconds += 2 ** (attempt - 1);
      await receiver.received(attempt + 1);
    }
    await turn();
    expect(time.waits()).toEqual([]);
    expect(seconds).toBeLessThanOrEqual(7_200);
  });
});

describe('NOAH', () => {
  const isSigned = ({ body, headers }: Received) => {
    const signature = Buffer.from(String(headers['webhook-signature']), 'base64');
    return verify('sha384', Buffer.from(body), createPublicKey(noah.webhookPublicKeyPem), signature);
  };

  test('a transaction when it appears and when its status changes, each a newer version, signed', async () => {
    const { control } = noah;
    const row = control.insertTransaction({ Status: 'Pending', Amount: '59.5' });
    control.changeTransaction(row.ID, { ExternalID: 'inv-1' });
    control.changeTransaction(row.ID, { Status: 'Settled' });
    const all = await receiver.received(2);
    const events = all
      .map(({ event }) => event)
      .sort((a, b) => Number(a.EventVersion) - Number(b.EventVersion));
    expect(events).toEqual([
      {
        ...{ EventType: 'Transaction', EventVersion: time.now(), Data: row },
        ...{ Occurred: new Date(time.now()).toISOString(), UserID: expect.any(String) },
      },
      expect.objectContaining({
        EventVersion: time.now() + 1,
        Data: { ...row, ExternalID: 'inv-1', Status: 'Settled' },
      }),
    ]);
    expect(all.every(isSigned)).toBe(true);
  });

  test('one attempt: retries are not documented', async () => {
    receiver.answer = 500;
    noah.control.insertTransaction();
    await receiver.received(1);
    await turn();
    expect(time.waits()).toEqual([]);
  });
});
