// Two whole gateways on one Redis: what one reads the other shows, and a webhook that one is sent both heed.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { openStream } from '../integration/live.fixture.ts';
import { openTestRedis, redisIsThere, redisTest } from './redis.fixture.ts';

const secret = 'the secret of the endpoint';
const watch = `subscription {
  balancesChanged(filter: { ledgers: [BANKING], currencies: ["USD"] }) { trigger balances { available { amount } } }
}`;
let sandbox: UqpaySandbox;
let testRedis: Awaited<ReturnType<typeof openTestRedis>>;
const replicas: Awaited<ReturnType<typeof startGateway>>[] = [];

beforeAll(async () => {
  if (!redisIsThere) return;
  testRedis = await openTestRedis();
  sandbox = await startUqpaySandbox();
  sandbox.control.setRateLimits({ perMinute: null });
  const config = loadConfig({
    ...{ PORT: '0', UQPAY_BASE_URL: sandbox.baseUrl, UQPAY_CLIENT_ID: sandbox.clientId },
    ...{ UQPAY_API_KEY: sandbox.apiKey, UQPAY_WEBHOOK_SECRET: secret, UQPAY_RATE_LIMIT_PER_MINUTE: '20' },
    ...{ REDIS_URL: testRedis.url.split('?')[0], REDIS_KEY_PREFIX: testRedis.prefix },
  });
  const note = () => {};
  const logger = { debug: note, info: note, warn: note, error: note };
  replicas.push(await startGateway(config, { logger }), await startGateway(config, { logger }));
});
afterAll(async () => {
  for (const replica of replicas) await replica.close();
  await sandbox?.close();
  await testRedis?.close();
});

const balanceCalls = () => sandbox.control.calls().filter(({ path }) => path.includes('balances')).length;

function setDollars(amount: string): void {
  sandbox.control.setBalance('banking', sandbox.masterAccountId, 'USD', { available_balance: amount });
}

async function send(origin: string, eventId: string): Promise<number> {
  const data = { account_id: sandbox.masterAccountId, direct_id: '0' };
  const body = JSON.stringify({ event_type: 'deposit.completed', event_id: eventId, data });
  const timestamp = String(Date.now());
  const signature = createHmac('sha512', secret).update(body).update(timestamp).digest('hex');
  const headers = { 'x-wk-timestamp': timestamp, 'x-wk-signature': signature };
  return (await fetch(new URL('/webhooks/uqpay', origin), { method: 'POST', headers, body })).status;
}

redisTest(
  'the second replica begins with what the first has read, and both are told of a webhook',
  async () => {
    setDollars('1.01');
    const [one, other] = replicas;
    if (one === undefined || other === undefined) throw new Error('There are no replicas.');
    const streams = [await openStream(one, watch), await openStream(other, watch)];
    for (const stream of streams) {
      expect(await stream.next()).toMatchObject({
        data: { balancesChanged: { trigger: 'START', balances: [{ available: { amount: '1.01' } }] } },
      });
    }
    expect(balanceCalls()).toBe(1);
    setDollars('2.02');
    expect(await send(one.url, 'e-1')).toBe(200);
    for (const stream of streams) {
      expect(await stream.next()).toMatchObject({
        data: { balancesChanged: { trigger: 'WEBHOOK', balances: [{ available: { amount: '2.02' } }] } },
      });
    }
    // Taken by one, it is known to the other.
    const before = balanceCalls();
    expect(await send(other.url, 'e-1')).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(balanceCalls()).toBe(before);
    for (const stream of streams) stream.leave();
  },
);

redisTest(
  'what either watches is counted for both: the share of the calls is divided among all of it',
  async () => {
    const [one, other] = replicas;
    if (one === undefined || other === undefined) throw new Error('There are no replicas.');
    const intervalOf = async (url: string, ledger: string) => {
      const query = `subscription { balancesChanged(filter: { ledgers: [${ledger}] }) { nextLookSeconds } }`;
      const stream = await openStream({ url }, query);
      const event = await stream.next();
      return { stream, seconds: Number(event?.data?.balancesChanged?.nextLookSeconds) };
    };
    // Ten calls a minute: one list every 6 s, two every 12 s.
    const { stream, seconds } = await intervalOf(one.url, 'ISSUING');
    expect(seconds).toBeLessThanOrEqual(6);
    for (let found = 0; found <= 6; ) {
      const second = await intervalOf(other.url, 'PAYMENT');
      found = second.seconds;
      await new Promise((resolve) => setTimeout(resolve, 100));
      second.stream.leave();
    }
    stream.leave();
  },
);
