// Webhooks over HTTP: only events signed by the provider are accepted, once each, and what they name is read again.
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type LiveRig, openLiveRig, openStream, type ReadStream } from './live.fixture.ts';

const secret = 'the secret of the endpoint';
const callbackSecret = 'the hash secret';
const noah = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const older = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const pemOf = ({ publicKey }: typeof noah) => publicKey.export({ type: 'spki', format: 'pem' }).toString();

let rig: LiveRig;
let stream: ReadStream;
beforeAll(async () => {
  rig = await openLiveRig({
    UQPAY_WEBHOOK_SECRET: secret,
    ...{ METRICS: 'on', LIVE_INTERVAL_MIN_SECONDS: '60' },
  });
});
afterAll(() => rig.close());

const watch = `subscription {
  balancesChanged(filter: { ledgers: [BANKING, ISSUING] }) {
    trigger balances { ledger currency available { amount } }
  }
}`;
beforeEach(async () => {
  rig.clock.advance(10_000);
  stream = await openStream(rig.gateway, watch);
  await stream.next();
  rig.clock.advance(1_000);
  rig.sandbox.control.resetCalls();
});
afterEach(() => stream.leave());

let eventCount = 0;
function deposit(fields: object = {}): string {
  eventCount += 1;
  const data = { account_id: rig.sandbox.masterAccountId, direct_id: '0', deposit_amount: '999999.99' };
  const event = { version: 'V1.6.0', event_name: 'DEPOSIT', event_type: 'deposit.completed', data };
  return JSON.stringify({ ...event, event_id: `e-${eventCount}`, ...fields });
}

interface Sending {
  readonly timestamp?: string;
  readonly signature?: string;
}

async function send(body: string, { timestamp = String(rig.clock.now()), signature }: Sending = {}) {
  const proof = createHmac('sha512', secret).update(body).update(timestamp).digest('hex');
  const headers = { 'x-wk-timestamp': timestamp, 'x-wk-signature': signature ?? proof };
  return post('uqpay', body, headers);
}

async function post(name: string, body: string, headers: Record<string, string>): Promise<number> {
  const url = new URL(`/webhooks/${name}`, rig.gateway.url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await response.text();
  return response.status;
}

function setBalance(line: 'banking' | 'issuing', currency: string, amount: string): void {
  rig.sandbox.control.setBalance(line, rig.sandbox.masterAccountId, currency, { available_balance: amount });
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

test('a signed event makes the gateway read again what it names, and subscribers see the result', async () => {
  setBalance('banking', 'USD', '11.11');
  setBalance('issuing', 'USD', '22.22');
  expect(await send(deposit())).toBe(200);
  const event = await stream.next();
  expect(event?.data?.balancesChanged).toEqual({
    trigger: 'WEBHOOK',
    balances: [{ ledger: 'BANKING', currency: 'USD', available: { amount: '11.11' } }],
  });
  expect(rig.balanceCalls()).toBe(1);
});

test.each([
  [
    'a timestamp in seconds',
    () => ({ body: deposit(), sending: { timestamp: String(Math.floor(rig.clock.now() / 1_000)) } }),
  ],
  [
    'name and type swapped',
    () => ({ body: deposit({ event_name: 'deposit.completed', event_type: 'DEPOSIT' }) }),
  ],
  ['an event without an account', () => ({ body: deposit({ data: {} }) })],
])('%s is taken', async (_name, make) => {
  const { body, sending } = make() as { body: string; sending?: Sending };
  expect(await send(body, sending)).toBe(200);
  while (rig.balanceCalls() < 1) await settle();
  expect(rig.balanceCalls()).toBe(1);
});

test('events of another line, and of accounts without subscriptions, read nothing', async () => {
  const data = { account_id: 'somebody-else', direct_id: rig.sandbox.masterAccountId };
  expect(await send(deposit({ event_type: 'acquiring.refund.succeeded', event_name: 'ACQUIRING' }))).toBe(
    200,
  );
  expect(await send(deposit({ data }))).toBe(200);
  await settle();
  expect(rig.balanceCalls()).toBe(0);
});

test('an event that is forged, old, from the future or unsigned is refused, and nothing is read', async () => {
  const body = deposit();
  const wrong = createHmac('sha512', 'another').update(body).update('1').digest('hex');
  const old = String(rig.clock.now() - 301_000);
  const early = String(rig.clock.now() + 301_000);
  expect(await send(body, { signature: wrong })).toBe(401);
  expect(await send(body, { signature: '' })).toBe(401);
  expect(await send(body, { timestamp: old })).toBe(401);
  expect(await send(body, { timestamp: early })).toBe(401);
  expect(await post('uqpay', body, {})).toBe(401);
  const now = String(rig.clock.now());
  const proof = createHmac('sha512', secret).update(body).update(now).digest('hex');
  expect(await post('uqpay', `${body} `, { 'x-wk-timestamp': now, 'x-wk-signature': proof })).toBe(401);
  await settle();
  expect(rig.balanceCalls()).toBe(0);
  const metrics = await (await fetch(new URL('/metrics', rig.gateway.url))).text();
  expect(metrics).toMatch(/^balances_gateway_webhooks_total\{provider="UQPAY",outcome="REFUSED"\} 6$/m);
});

test('a repeated event is accepted once, and one that is too long not at all', async () => {
  const body = deposit();
  expect(await send(body)).toBe(200);
  while (rig.balanceCalls() < 1) await settle();
  rig.clock.advance(1_000);
  expect(await send(body)).toBe(200);
  expect(await send(deposit({ padding: 'x'.repeat(65_536) }))).toBe(413);
  await settle();
  expect(rig.balanceCalls()).toBe(1);
});

test('twelve concurrent events cause at most two reads, the second one a second after the first', async () => {
  expect(await Promise.all(Array.from({ length: 12 }, () => send(deposit())))).toEqual(Array(12).fill(200));
  await settle();
  expect(rig.balanceCalls()).toBe(1);
  setBalance('banking', 'USD', '33.33');
  rig.clock.advance(1_000);
  await settle();
  expect(rig.balanceCalls()).toBeLessThanOrEqual(2);
});

test('providers without a secret, and other methods, are not served', async () => {
  expect(await post('ibanera', '{}', {})).toBe(404);
  expect(await post('nobody', '{}', {})).toBe(404);
  expect((await fetch(new URL('/webhooks/uqpay', rig.gateway.url))).status).toBe(405);
});

describe('the other providers', () => {
  let other: LiveRig;
  beforeAll(async () => {
    other = await openLiveRig({
      ...{ UQPAY_BASE_URL: '', UQPAY_CLIENT_ID: '', UQPAY_API_KEY: '' },
      IBANERA_WEBHOOK_SECRET: callbackSecret,
      NOAH_WEBHOOK_PUBLIC_KEY: pemOf(older) + pemOf(noah),
    });
  });
  afterAll(() => other.close());

  async function taken(
    provider: 'IBANERA' | 'NOAH',
    signature: string,
    body: string,
  ): Promise<[number, unknown]> {
    const query = `subscription { balancesChanged(filter: { providers: [${provider}] }) { trigger } }`;
    const watching = await openStream(other.gateway, query);
    await watching.next();
    const url = new URL(`/webhooks/${provider.toLowerCase()}`, other.gateway.url);
    const headers = { 'webhook-signature': signature };
    const response = await fetch(url, { method: 'POST', headers, body });
    watching.leave();
    return [response.status, await response.text()];
  }

  test('Ibanera: the hash of body and secret in base64', async () => {
    const body = JSON.stringify({ Id: 'c-1', Type: 'FIAT_DEPOSIT_RECEIVED', Data: {} });
    const digest = createHash('sha256')
      .update(body + callbackSecret)
      .digest();
    expect(await taken('IBANERA', digest.toString('base64'), body)).toEqual([200, 'ok\n']);
    expect((await taken('IBANERA', digest.toString('hex'), body))[0]).toBe(401);
    expect((await taken('IBANERA', digest.toString('base64'), `${body} `))[0]).toBe(401);
  });

  test('NOAH: a signature by one of its keys', async () => {
    const body = JSON.stringify({ EventType: 'Transaction', EventVersion: 1, Data: { ID: 't-1' } });
    const by = ({ privateKey }: typeof noah) =>
      sign('sha384', Buffer.from(body), privateKey).toString('base64');
    expect((await taken('NOAH', by(noah), body))[0]).toBe(200);
    expect((await taken('NOAH', by(older), body))[0]).toBe(200);
    expect((await taken('NOAH', by(generateKeyPairSync('ec', { namedCurve: 'P-384' })), body))[0]).toBe(401);
    expect((await taken('NOAH', 'not a signature', body))[0]).toBe(401);
  });
});
