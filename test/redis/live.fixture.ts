import { createHmac } from 'node:crypto';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { openTestRedis } from './redis.fixture.ts';

const secret = 'the secret of the endpoint';

export type LiveReplicas = Awaited<ReturnType<typeof openLiveReplicas>>;

/** Whole gateways in this process, over one sandbox and one Redis. */
export async function openLiveReplicas(count: number, env: Readonly<Record<string, string>> = {}) {
  const testRedis = await openTestRedis();
  const sandbox = await startUqpaySandbox();
  sandbox.control.setRateLimits({ perMinute: null });
  const config = loadConfig({
    ...{ PORT: '0', UQPAY_BASE_URL: sandbox.baseUrl, UQPAY_CLIENT_ID: sandbox.clientId },
    ...{ UQPAY_API_KEY: sandbox.apiKey, UQPAY_WEBHOOK_SECRET: secret },
    ...{ REDIS_URL: testRedis.url.split('?')[0], REDIS_KEY_PREFIX: testRedis.prefix },
    ...env,
  });
  const note = () => {};
  const logger = { debug: note, info: note, warn: note, error: note };
  const replicas: RunningGateway[] = [];
  for (let index = 0; index < count; index += 1) replicas.push(await startGateway(config, { logger }));
  return {
    ...{ replicas, sandbox, testRedis },
    /** How many calls for lists of the master account's banking ledger the sandbox has had. */
    calls: (path: '/v1/balances' | '/v1/balances/transactions') =>
      sandbox.control.calls().filter((call) => call.path === path).length,
    setDollars(amount: string) {
      const { control, masterAccountId } = sandbox;
      control.setBalance('banking', masterAccountId, 'USD', { available_balance: amount });
    },
    /** Sends the webhook of a deposit; resolves to the status of the answer. */
    async send({ url }: RunningGateway, eventId: string): Promise<number> {
      const data = { account_id: sandbox.masterAccountId, direct_id: '0' };
      const body = JSON.stringify({ event_type: 'deposit.completed', event_id: eventId, data });
      const timestamp = String(Date.now());
      const signature = createHmac('sha512', secret).update(body).update(timestamp).digest('hex');
      const headers = { 'x-wk-timestamp': timestamp, 'x-wk-signature': signature };
      return (await fetch(new URL('/webhooks/uqpay', url), { method: 'POST', headers, body })).status;
    },
    async close() {
      for (const replica of replicas) await replica.close();
      await sandbox.close();
      await testRedis.close();
    },
  };
}
